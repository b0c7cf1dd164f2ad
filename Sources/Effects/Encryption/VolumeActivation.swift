import CCryptsetup
package import SystemPackage

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
