// Makes and checks hash trees in plain files, without privileges and without the kernel; called by the builder.
import CCryptsetup
package import ImageModel
package import SystemPackage

/// Appends a dm-verity tree to a file and checks one.
package enum VerityFormat {
    /// Hashes a file's blocks and appends superblock and tree behind them.
    ///
    /// The same content, salt and UUID give the same bytes. The corresponding C function is `crypt_format`.
    ///
    /// - Parameters:
    ///   - size: bytes of data, a multiple of 4,096: where the superblock goes.
    ///   - uuid: 36 characters, lower case.
    /// - Throws: `VerityError` when the file cannot be read or written.
    package static func append(
        to file: FilePath, size: Int, salt: [UInt8], uuid: String
    ) throws(VerityError) -> VerityParameters {
        var parameters = VerityParameters(rootHash: [], salt: salt, hashOffset: size, uuid: uuid)
        guard size > 0, size.isMultiple(of: parameters.dataBlockSize) else { throw .mismatch(file, "size") }
        let context = try CryptContext(device: file)
        let result = unsafe withLibraryParameters(parameters, data: file, flags: ccryptsetup_create_hash) { library in
            unsafe crypt_format(context.handle, CRYPT_VERITY, nil, nil, uuid, nil, 0, &library)
        }
        guard result >= 0 else { throw .library("hashing", file, result, said: context.messages.lines) }
        parameters.rootHash = try rootHash(context, file)
        return parameters
    }

    /// Reads a file's data and compares it with its tree and the expected root hash.
    ///
    /// - Returns: nil when all of it matches, else what libcryptsetup found wrong.
    /// - Throws: `VerityError` when the file cannot be read or has no superblock. The corresponding C functions are
    ///   `crypt_load` and `crypt_activate_by_volume_key` without a name.
    package static func mismatch(
        in file: FilePath, _ expected: VerityParameters
    ) throws(VerityError) -> String? {
        let context = try CryptContext(device: file)
        let loaded = unsafe withLibraryParameters(expected, data: file, flags: ccryptsetup_check_hash) { library in
            unsafe crypt_load(context.handle, CRYPT_VERITY, &library)
        }
        guard loaded >= 0 else { throw .library("reading verity of", file, loaded, said: context.messages.lines) }
        let data = unsafe crypt_set_data_device(context.handle, file.string)
        guard data >= 0 else { throw .library("reading verity of", file, data, said: context.messages.lines) }
        let hash = expected.rootHash.map { CChar(bitPattern: $0) }
        let result = unsafe crypt_activate_by_volume_key(context.handle, nil, hash, hash.count, ccryptsetup_readonly)
        if result >= 0 { return nil }
        guard result == -1 else { throw .library("checking verity of", file, result, said: context.messages.lines) }
        return context.messages.lines.first ?? "the data does not match the hash tree"
    }

    private static func rootHash(_ context: borrowing CryptContext, _ file: FilePath) throws(VerityError) -> [UInt8] {
        var hash = [CChar](repeating: 0, count: 32)
        var size = hash.count
        let result = unsafe crypt_volume_key_get(context.handle, -1, &hash, &size, nil, 0)
        guard result >= 0, size == hash.count else {
            throw .library("hashing", file, result, said: context.messages.lines)
        }
        return hash.map { UInt8(bitPattern: $0) }
    }

    /// Lends the parameters in the library's form.
    private static func withLibraryParameters(
        _ parameters: VerityParameters, data: FilePath, flags: UInt32,
        _ body: (inout crypt_params_verity) -> Int32
    ) -> Int32 {
        let salt = parameters.salt.map { CChar(bitPattern: $0) }
        return unsafe data.withPlatformString { path in
            unsafe parameters.algorithm.withCString { algorithm in
                unsafe salt.withUnsafeBufferPointer { salt in
                    var library = unsafe crypt_params_verity()
                    unsafe library.hash_name = algorithm
                    unsafe library.data_device = path
                    unsafe library.salt = salt.baseAddress
                    unsafe library.salt_size = UInt32(clamping: salt.count)
                    unsafe library.hash_type = 1
                    unsafe library.data_block_size = UInt32(clamping: parameters.dataBlockSize)
                    unsafe library.hash_block_size = UInt32(clamping: parameters.hashBlockSize)
                    unsafe library.data_size = UInt64(clamping: parameters.dataBlocks)
                    unsafe library.hash_area_offset = UInt64(clamping: parameters.hashOffset)
                    unsafe library.flags = flags
                    return unsafe body(&library)
                }
            }
        }
    }
}
