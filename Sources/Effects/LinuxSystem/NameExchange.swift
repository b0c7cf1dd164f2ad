import CLinux
package import SystemPackage

/// Exchanges two names in one step.
package enum NameExchange {
    /// Exchanges the names of two files of one filesystem; flushing it is the caller's.
    ///
    /// The corresponding C function is `renameat2` with `RENAME_EXCHANGE`; FAT knows it since Linux 6.0.
    /// - Throws: `SystemError`, with `EINVAL` where the filesystem cannot.
    package static func perform(_ one: FilePath, _ other: FilePath) throws(SystemError) {
        do throws(Errno) {
            _ = try systemCall { unsafe clinux_exchange_names(one.string, other.string) }
        } catch {
            throw .file("exchanging the names of \(one.lastComponent?.string ?? "") and", other, error)
        }
    }
}
