/// Decides which programs for UEFI on a disk give way to those of the image that runs.
package struct LoaderReplacement: Equatable, Sendable {
    /// What differs, and may be replaced.
    package var outdated: Set<LoaderFile> = []
    /// Why something that differs stays as it is, a sentence without full stop.
    package var notes: [String] = []

    /// Compares.
    ///
    /// A disk that firmware cannot start has nothing to replace. A signed loader never gives way to one of our own making,
    /// which firmware with Secure Boot refuses, nor to another distribution's, which the shim that is there does not start, and
    /// none to an older generation, which a machine may have been told to refuse.
    /// - Parameters:
    ///   - offered: what the image brings.
    ///   - installed: gives a file of the disk; nil when it is not there.
    package init(offered: UEFILoaders, installed: (_ path: String) throws -> [UInt8]?) rethrows {
        guard let last = offered.files.last, let firmware = try installed(last.path) else { return }
        if let trusted = EFIProgram(firmware)?.trusted {
            guard offered.isPair else {
                notes = [
                    "the disk starts with shim, and this system brings no signed loaders: they are left as they are"
                ]
                return
            }
            guard EFIProgram(last.bytes)?.trusted == trusted else {
                notes = [
                    "shim of the disk starts no GRUB of this system's distribution: the loaders are left as they are"
                ]
                return
            }
        }
        for file in offered.files {
            let found = try installed(file.path)
            guard found != file.bytes else { continue }
            outdated.insert(file.file)
            guard let found, let old = EFIProgram(found), let new = EFIProgram(file.bytes) else { continue }
            let shortfalls = SBATLevels(of: new).shortfalls(of: SBATLevels(of: old))
            guard shortfalls.isEmpty else {
                outdated = []
                notes = ["\(file.path) of this system is older than the disk's: the loaders are left as they are"]
                return
            }
        }
    }
}
