// Makes and checks hash trees in plain files, without privileges and without the kernel.
import CCryptsetup
import Glibc
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Appends a dm-verity tree to a file and checks one.
package enum VerityFormat {
    /// Bytes read at a time.
    private static let readLength = 1 << 20

    /// Hashes a file's blocks and appends superblock and tree behind them; the file ends with the tree then.
    ///
    /// The same content, salt and UUID give the same bytes. They are not flushed.
    ///
    /// - Parameters:
    ///   - size: bytes of data, a multiple of 4,096: where the superblock goes.
    ///   - uuid: 36 characters, lower case.
    /// - Throws: `VerityError` when the file cannot be read or written, or size, salt or UUID are out of range;
    ///   `CryptographyError`.
    package static func append(
        to path: FilePath, size: Int, salt: [UInt8], uuid: String
    ) throws -> VerityParameters {
        var parameters = VerityParameters(rootHash: [], salt: salt, hashOffset: size, uuid: uuid)
        let tree = try HashTreeWriter(parameters, in: path)
        do {
            let file = try OwnedDescriptor(opening: path, .readWrite)
            parameters.rootHash = try append(tree, size, salt, to: file.descriptor, path)
        } catch let error as Errno {
            throw VerityError.file("making a hash tree of", path, error)
        }
        return parameters
    }

    private static func append(
        _ tree: consuming HashTreeWriter, _ size: Int, _ salt: [UInt8], to file: FileDescriptor, _ path: FilePath
    ) throws -> [UInt8] {
        var tree = tree
        let write: HashTreeWriter.Writer = { try FileBlock.write($0, to: file, at: $1) }
        var buffer = [UInt8](repeating: 0, count: readLength)
        for start in stride(from: 0, to: size, by: readLength) {
            let count = min(readLength, size - start)
            guard try FileBlock.read(file, into: &buffer, count: count, at: start) == count else {
                throw VerityError.shorter(path)
            }
            let digests = try HashTreeWriter.digests(of: buffer.span.extracting(0..<count), salt: salt)
            try tree.add(digests, write)
        }
        let root = try tree.finish(write)
        _ = try systemCall { ftruncate(file.rawValue, off_t(VerityTreeLayout(dataSize: size).end)) }
        return root
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
        let loaded = unsafe withLibraryParameters(expected, data: file) { library in
            unsafe crypt_load(context.handle, CRYPT_VERITY, &library)
        }
        guard loaded >= 0 else { throw .library("reading verity of", file, loaded, said: context.messages.lines) }
        let data = unsafe crypt_set_data_device(context.handle, file.string)
        guard data >= 0 else { throw .library("reading verity of", file, data, said: context.messages.lines) }
        let hash = expected.rootHash.map { CChar(bitPattern: $0) }
        let result = unsafe crypt_activate_by_volume_key(context.handle, nil, hash, hash.count, ccryptsetup_readonly)
        if result >= 0 { return nil }
        // EPERM is said of a block, EFAULT of the root hash (cryptsetup's lib/verity/verity_hash.c).
        guard [-EPERM, -EFAULT].contains(result) else {
            throw .library("checking verity of", file, result, said: context.messages.lines)
        }
        return context.messages.lines.first ?? "the data does not match the hash tree"
    }

    /// Lends the parameters in the library's form, for a tree that is checked.
    private static func withLibraryParameters(
        _ parameters: VerityParameters, data: FilePath,
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
                    unsafe library.flags = ccryptsetup_check_hash
                    return unsafe body(&library)
                }
            }
        }
    }
}

/// Writes cryptsetup's superblock of a hash tree (`struct verity_sb` in its lib/verity/verity.c).
enum VeritySuperblock {
    /// The most bytes of salt.
    static let maximumSalt = 256

    /// The block in front of the tree; nil when the UUID or the salt is none.
    static func block(_ parameters: VerityParameters) -> [UInt8]? {
        let uuid = parameters.uuid.utf8.filter { $0 != UInt8(ascii: "-") }
        guard uuid.count == 32, let uuid = Hexadecimal.bytes(of: String(decoding: uuid, as: UTF8.self)),
            parameters.salt.count <= maximumSalt
        else { return nil }
        var block: [UInt8] = Array("verity".utf8) + [0, 0]
        // Version of the superblock and of the format.
        block += littleEndian(1, 4) + littleEndian(1, 4) + uuid
        block += padded(Array(parameters.algorithm.utf8), 32)
        block += littleEndian(parameters.dataBlockSize, 4) + littleEndian(parameters.hashBlockSize, 4)
        block += littleEndian(parameters.dataBlocks, 8) + littleEndian(parameters.salt.count, 2)
        block += padded([], 6) + padded(parameters.salt, maximumSalt)
        return padded(block, parameters.hashBlockSize)
    }

    private static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func padded(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        bytes + Array(repeating: 0, count: max(0, count - bytes.count))
    }
}
