import Cryptography
package import ImageModel
import LinuxSystem
package import SystemPackage

/// What is wrong with one file of an image: the only judgement of that there is.
package struct ImageFault: Equatable, Sendable, CustomStringConvertible {
    /// Ways to be wrong.
    package enum Kind: Equatable, Sendable {
        /// There is nothing of that name.
        case missing
        /// It is a folder, a link or a device.
        case noFile
        /// It has no bytes, which a power cut can do to a file that was not flushed.
        case empty
        /// It has other than the expected number of bytes.
        case size(found: Int64, expected: Int)
        /// Its SHA-256 is another one.
        case digest(found: Digest, expected: Digest)
    }

    /// How closely a file is looked at; each takes in those before it.
    package enum Scrutiny: Sendable {
        /// Its name and size: nothing is read.
        case size
        /// Its digest: the whole file is read, which takes seconds for each gigabyte.
        case digest
    }

    /// The file.
    package var file: ImageFile
    /// What is wrong with it.
    package var kind: Kind

    /// Looks at a file of an image.
    ///
    /// - Parameters:
    ///   - expected: what the manifest says; nil when nobody knows, and then only what is missing or empty is found.
    /// - Returns: nil when nothing is wrong.
    /// - Throws: `SystemError` or `CryptographyError` when it could not be looked at, which is not the same as wrong.
    package static func find(
        in folder: FilePath, _ file: ImageFile, _ expected: Manifest.File?, _ scrutiny: Scrutiny
    ) throws -> ImageFault? {
        let path = folder.appending(file.rawValue)
        guard let status = try FileStatus.of(path, followingLinks: false) else {
            return ImageFault(file: file, kind: .missing)
        }
        if let kind = sizeFault(status, expected) { return ImageFault(file: file, kind: kind) }
        guard scrutiny == .digest, let expected else { return nil }
        let found = try digest(of: path)
        return found == expected.sha256
            ? nil : ImageFault(file: file, kind: .digest(found: found, expected: expected.sha256))
    }

    private static func sizeFault(_ status: FileStatus, _ expected: Manifest.File?) -> Kind? {
        guard status.kind == .file else { return .noFile }
        if status.size == 0 { return .empty }
        guard let expected, status.size != Int64(expected.size) else { return nil }
        return .size(found: status.size, expected: expected.size)
    }

    private static func digest(of path: FilePath) throws -> Digest {
        let file: OwnedDescriptor
        do throws(Errno) { file = try OwnedDescriptor(opening: path) } catch {
            throw SystemError.file("opening", path, error)
        }
        let descriptor = file.descriptor
        do throws(CryptographyError) { return try SHA256Hasher.digest(reading: descriptor).digest } catch {
            throw error.about(path.string)
        }
    }

    /// What is wrong, after the file's name.
    package var cause: String {
        switch kind {
        case .missing: "is missing"
        case .noFile: "is no plain file"
        case .empty: "is empty"
        case .size(let found, let expected): "has \(found) bytes instead of \(expected)"
        case .digest: "does not match its digest in the manifest"
        }
    }

    /// The file's name and what is wrong with it.
    package var description: String { "\(file.rawValue) \(cause)" }
}

extension ImageFolder {
    /// What is wrong with one of its files, by its manifest; nil when nothing is.
    ///
    /// - Throws: as `ImageFault.find`.
    package func fault(of file: ImageFile, _ scrutiny: ImageFault.Scrutiny) throws -> ImageFault? {
        try ImageFault.find(in: path, file, manifest.file(file), scrutiny)
    }

    /// The first thing that is wrong with kernel, initrd and root; nil when the image is whole.
    ///
    /// - Parameter willCheck: called before each file with its size in bytes; what it throws ends the check.
    /// - Throws: as `ImageFault.find`, and what `willCheck` throws.
    package func fault(
        _ scrutiny: ImageFault.Scrutiny, willCheck: (ImageFile, Int) throws -> Void = { _, _ in }
    ) throws -> ImageFault? {
        for file in ImageFile.booted {
            try willCheck(file, manifest.file(file)?.size ?? 0)
            if let fault = try fault(of: file, scrutiny) { return fault }
        }
        return nil
    }

    /// What is wrong with the image that a folder is to hold, in words; nil when every digest matches.
    ///
    /// - Parameter willCheck: called before each file with its size in bytes; what it throws ends the check.
    /// - Throws: as `init(_:)` and `fault(_:willCheck:)`.
    package static func fault(
        of image: ImageID, in path: FilePath, willCheck: (ImageFile, Int) throws -> Void = { _, _ in }
    ) throws -> String? {
        let folder = try ImageFolder(path)
        guard folder.id == image else { return "its manifest is another image's" }
        return try folder.fault(.digest, willCheck: willCheck)?.description
    }
}
