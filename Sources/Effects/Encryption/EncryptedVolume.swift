import CCryptsetup
import LinuxSystem
package import SystemPackage

/// Makes LUKS2 volumes; needs no device-mapper, so a plain file does as well.
package enum EncryptedVolume {
    /// AES in XTS mode with a key of 512 bits, what `cryptsetup` takes by default.
    private static let keySize = 64

    /// Makes a volume: everything on the device is lost, and so is every key of a volume that was there.
    ///
    /// A cut before the end leaves a header without a key slot, which nothing opens; format it again.
    /// The corresponding C functions are `crypt_format` and `crypt_keyslot_add_by_volume_key`.
    ///
    /// - Parameter label: the header's label; the filesystem inside has its own.
    /// - Throws: `EncryptionError` when the device is too small or in use, or cannot be written.
    package static func format(
        _ device: FilePath, key: borrowing VolumeKey, derivation: KeyDerivation, label: String? = nil
    ) throws(EncryptionError) {
        let context = try VolumeContext(device: device)
        try context.check("encrypting", create(context, derivation, label))
        let slot = unsafe key.withCharacters { bytes, count in
            unsafe crypt_keyslot_add_by_volume_key(context.handle, CRYPT_ANY_SLOT, nil, 0, bytes, count)
        }
        try context.check("adding a key to", slot)
    }

    /// Says whether a key opens the volume, without opening it.
    ///
    /// The tests' oracle, and only theirs: unlike `VolumeActivation.open` it needs no root and no device-mapper.
    /// The corresponding C function is `crypt_activate_by_passphrase` without a name.
    ///
    /// - Throws: `EncryptionError` when it cannot be found out: no volume, a damaged header, no memory.
    package static func opens(_ device: FilePath, with key: borrowing VolumeKey) throws(EncryptionError) -> Bool {
        let context = try VolumeContext(device: device)
        try context.load()
        let slot = unsafe key.withCharacters { bytes, count in
            unsafe crypt_activate_by_passphrase(context.handle, nil, CRYPT_ANY_SLOT, bytes, count, 0)
        }
        if slot < 0, Errno(rawValue: -slot) == .notPermitted { return false }
        try context.check("trying a key of", slot)
        return true
    }

    private static func create(
        _ context: borrowing VolumeContext, _ derivation: KeyDerivation, _ label: String?
    ) -> Int32 {
        let handle = unsafe context.handle
        return unsafe derivation.withLibraryParameters { function in
            unsafe withUnsafePointer(to: &function) { function in
                unsafe (label ?? "").withCString { label in
                    var library = unsafe crypt_params_luks2()
                    unsafe library.pbkdf = function
                    unsafe library.label = label
                    return unsafe crypt_format(
                        handle, CRYPT_LUKS2, "aes", "xts-plain64", nil, nil, keySize, &library)
                }
            }
        }
    }
}
