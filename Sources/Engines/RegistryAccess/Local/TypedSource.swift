import LinuxSystem
package import RegistryModel
import SystemPackage

extension SourceReference {
    /// Reads a source as people type it, looking whether a word without a scheme names something here.
    ///
    /// - Throws: `RegistryModelError`, as `init(parsing:exists:)`.
    package init(typed text: String) throws(RegistryModelError) {
        // What cannot be looked at is no path that anybody means: what else it is taken for is said when that fails.
        try self.init(parsing: text) { path in ((try? FileStatus.of(path)) ?? nil) != nil }
    }
}
