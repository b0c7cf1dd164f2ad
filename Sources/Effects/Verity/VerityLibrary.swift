import CCryptsetup
package import SystemPackage

/// Tries libcryptsetup without a device, for the self test.
package enum VerityLibrary {
    /// Says whether a file begins with a verity superblock; this starts the library's crypto backend.
    ///
    /// - Throws: `VerityError` when the library cannot work at all, such as without a backend. The corresponding C
    ///   function is `crypt_load`.
    package static func hasSuperblock(_ file: FilePath) throws(VerityError) -> Bool {
        let context = try CryptContext(device: file)
        let result = unsafe crypt_load(context.handle, CRYPT_VERITY, nil)
        if result >= 0 { return true }
        guard Errno(rawValue: -result) == .invalidArgument else {
            throw .library("reading verity of", file, result, said: context.messages.lines)
        }
        return false
    }
}
