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

/// Opens and closes LUKS2 volumes by device-mapper, and lets an open one grow.
package enum VolumeActivation {
    /// Opens a volume under a name.
    ///
    /// The volume key goes straight to dm-crypt, not into a keyring of this process: that needs no keyrings in the
    /// kernel, and an open volume can then be resized without asking for the passphrase again.
    /// The corresponding C functions are `crypt_load` and `crypt_activate_by_passphrase`.
    ///
    /// - Returns: the device node; nil when the key opens none of the slots.
    /// - Throws: `EncryptionError` when the header is damaged, the name is taken, or the kernel lacks dm-crypt.
    package static func open(
        _ device: FilePath, as name: String, with key: borrowing VolumeKey
    ) throws(EncryptionError) -> FilePath? {
        let context = try VolumeContext(device: device)
        try context.load()
        try context.check("opening", unsafe crypt_volume_key_keyring(context.handle, 0))
        let slot = unsafe key.withCharacters { bytes, count in
            unsafe crypt_activate_by_passphrase(context.handle, name, CRYPT_ANY_SLOT, bytes, count, 0)
        }
        if slot < 0, Errno(rawValue: -slot) == .notPermitted { return nil }
        try context.check("opening", slot)
        return FilePath("/dev/mapper/\(name)")
    }

    /// Closes a volume that is open under a name.
    ///
    /// The corresponding C function is `crypt_deactivate`.
    ///
    /// - Throws: `EncryptionError` when it is not there or in use.
    package static func close(_ name: String) throws(EncryptionError) {
        let context = try VolumeContext(active: name)
        try context.check("closing", unsafe crypt_deactivate(context.handle, name))
    }

    /// Where the data of an open volume begins on its device, in bytes.
    ///
    /// The corresponding C function is `crypt_get_data_offset`.
    ///
    /// - Throws: `EncryptionError` when it is not open.
    package static func dataOffset(_ name: String) throws(EncryptionError) -> Int64 {
        let context = try VolumeContext(active: name)
        return Int64(clamping: unsafe crypt_get_data_offset(context.handle)) << 9
    }

    /// Lets an open volume take up its whole device, which has grown.
    ///
    /// The corresponding C function is `crypt_resize` with a size of zero.
    ///
    /// - Throws: `EncryptionError` when it is not open or the kernel refuses.
    package static func grow(_ name: String) throws(EncryptionError) {
        let context = try VolumeContext(active: name)
        try context.check("resizing", unsafe crypt_resize(context.handle, name, 0))
    }
}
