import Faults
import RegistryModel

/// Gives packages their tags in a registry, where `+`, `~` and `:` may not stand: no two packages have the same.
package enum PackageTag {
    /// The tag of a package's version: `<category>_s<name>_v<version>`, with `_p` for `+`, `_t` for `~`, `_c` for `:`.
    ///
    /// - Throws: `PackageTextError` when it is longer than the 128 bytes that a tag may have.
    package static func tag(_ name: PackageName, _ version: PackageVersion) throws(PackageTextError) -> String {
        let tag = "\(written(name.category))_s\(written(name.name))_v\(written(version.description))"
        guard ImageReference.isTag(tag) else {
            throw PackageTextError(
                .tag, "naming", "\(name) \(version)", cause: "its tag \(tag) is longer than 128 bytes",
                remedy: "Shorten its name or its version.")
        }
        return tag
    }

    private static func written(_ text: String) -> String {
        String(
            text.flatMap { character -> String in
                switch character {
                case "+": "_p"
                case "~": "_t"
                case ":": "_c"
                default: String(character)
                }
            })
    }
}
