import CCryptsetup
package import ImageModel
package import SystemPackage

/// Puts dm-verity over a device that carries its own hash tree.
package enum VerityMapping {
    /// Activates a read-only mapping and returns its device node.
    ///
    /// Parameters come from the signed manifest; the superblock on the device must agree with them. A block that does
    /// not match its hash restarts the machine: under a boot counter that is a counted failure, where an I/O error
    /// would leave a system that half works.
    ///
    /// - Throws: `VerityError` when the kernel has no dm-verity, the device has no tree, or the tree is not the
    ///   manifest's. The corresponding C functions are `crypt_load` and `crypt_activate_by_volume_key`.
    package static func activate(
        _ name: String, over device: FilePath, _ expected: VerityParameters
    ) throws(VerityError) -> FilePath {
        let context = try CryptContext(device: device)
        var parameters = unsafe crypt_params_verity()
        unsafe parameters.hash_area_offset = UInt64(max(0, expected.hashOffset))
        let loaded = unsafe crypt_load(context.handle, CRYPT_VERITY, &parameters)
        guard loaded >= 0 else { throw .library("reading verity of", device, loaded, said: context.messages.lines) }
        try check(context, device, expected)
        let flags = ccryptsetup_readonly | ccryptsetup_restart_on_corruption
        let hash = expected.rootHash.map { CChar(bitPattern: $0) }
        let result = unsafe crypt_activate_by_volume_key(context.handle, name, hash, hash.count, flags)
        guard result >= 0 else {
            throw .library("activating verity over", device, result, said: context.messages.lines)
        }
        return FilePath("/dev/mapper/\(name)")
    }

    /// Compares what the superblock says with the manifest.
    private static func check(
        _ context: borrowing CryptContext, _ device: FilePath, _ expected: VerityParameters
    ) throws(VerityError) {
        var found = unsafe crypt_params_verity()
        let result = unsafe crypt_get_verity_info(context.handle, &found)
        guard result >= 0 else { throw .library("reading verity of", device, result, said: context.messages.lines) }
        let salt = unsafe Array(UnsafeBufferPointer(start: found.salt, count: Int(found.salt_size)))
            .map { UInt8(bitPattern: $0) }
        guard salt == expected.salt else { throw .mismatch(device, "salt") }
        guard unsafe Int(found.data_block_size) == expected.dataBlockSize,
            unsafe Int(found.hash_block_size) == expected.hashBlockSize
        else { throw .mismatch(device, "block size") }
        guard unsafe found.data_size == UInt64(max(0, expected.dataBlocks)) else { throw .mismatch(device, "size") }
        guard let hash = unsafe found.hash_name, unsafe String(cString: hash) == expected.algorithm else {
            throw .mismatch(device, "hash function")
        }
    }

    /// Takes a mapping down.
    ///
    /// The corresponding C function is `crypt_deactivate`.
    ///
    /// - Throws: `VerityError` when it is not there or in use.
    package static func deactivate(_ name: String) throws(VerityError) {
        let context = try CryptContext(active: name)
        let result = unsafe crypt_deactivate(context.handle, name)
        guard result >= 0 else {
            throw .library("deactivating", FilePath("/dev/mapper/\(name)"), result, said: context.messages.lines)
        }
    }
}

extension VerityMapping {
    /// Activates a read-only mapping over a device whose hash tree is another device, and returns its node.
    ///
    /// The parameters are those of the tree's superblock: together with the data they are what the root hash is of. A block
    /// that does not match its hash is an I/O error, and restarts nothing: what is not the system itself, such as an
    /// overlay, may be damaged and still not be needed.
    ///
    /// - Parameters:
    ///   - tree: a device, or a file, that begins with a superblock (systemd.exec(5), `RootVerity=`).
    ///   - rootHash: the one value that must be trusted.
    /// - Throws: `VerityError` when the kernel has no dm-verity, the tree has no superblock, or the root hash is not the
    ///   tree's. The corresponding C functions are `crypt_load`, `crypt_set_data_device` and
    ///   `crypt_activate_by_volume_key`.
    package static func activate(
        _ name: String, over device: FilePath, tree: FilePath, rootHash: [UInt8]
    ) throws(VerityError) -> FilePath {
        let context = try CryptContext(device: tree)
        let loaded = unsafe crypt_load(context.handle, CRYPT_VERITY, nil)
        guard loaded >= 0 else {
            throw .library("reading verity of", tree, loaded, said: context.messages.lines)
        }
        let data = unsafe crypt_set_data_device(context.handle, device.string)
        guard data >= 0 else {
            throw .library("reading verity of", device, data, said: context.messages.lines)
        }
        let hash = rootHash.map { CChar(bitPattern: $0) }
        let result = unsafe crypt_activate_by_volume_key(context.handle, name, hash, hash.count, ccryptsetup_readonly)
        guard result >= 0 else {
            throw .library("activating verity over", device, result, said: context.messages.lines)
        }
        return FilePath("/dev/mapper/\(name)")
    }
}
