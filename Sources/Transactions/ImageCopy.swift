import BootExecution
import BootModel
import Cryptography
import Filesystems
import GrubEnvironment
package import ImageModel
import LinuxSystem
import RegistryModel
import ReleaseModel
package import SystemPackage

/// Copies an image directory of this machine into another partition, and reads the copy back from the disk.
///
/// A copy that was cut begins again with the file in which it was cut: a file that is there with the right digest stays.
package struct ImageCopy: Sendable {
    /// Bytes copied at a time.
    private static let blockSize = 1 << 20

    /// The image directory that is copied.
    package let source: FilePath
    /// Its id.
    package let id: ImageID
    /// Its manifest, which a trusted key or this machine signed.
    package let manifest: Manifest

    /// Takes an image directory whose manifest is the one expected and is signed.
    ///
    /// - Throws: `ImageVerificationError` when it is not; `SystemError` when it cannot be read.
    package init(_ source: FilePath, id: ImageID) throws {
        self.source = source
        self.id = id
        manifest = try ImageVerification.manifest(in: source, expected: id, policy: .enforce)
    }

    /// The bytes that the copy takes on a partition.
    ///
    /// - Throws: `SystemError` when a file cannot be looked at.
    package func size() throws -> Int64 {
        try names().reduce(0) { sum, name in
            sum + ((try FileStatus.of(source.appending(name))?.size ?? 0) + 4095) / 4096 * 4096
        }
    }

    /// Copies and reads back; the folder is not flushed as a whole and has not its name yet (`ImageStore.publish`).
    ///
    /// - Throws: `SystemError` or `PreallocationError` when something cannot be read or written; `Refusal` when what is
    ///   read does not match its digest; `CancellationRequest`.
    package func run(into staging: FilePath, progress: StepProgress) throws {
        for name in try names() {
            let target = staging.appending(name)
            if let digest = digest(of: name), try Self.digest(target) == digest { continue }
            let copied = try copy(name, to: target, progress)
            let expected = digest(of: name) ?? copied
            guard copied == expected, try Self.digest(target) == expected else {
                throw Self.mismatch(copied == expected ? target : source.appending(name))
            }
        }
        for file in try manifest.derivedFiles() {
            try AtomicFile.write(file.bytes, to: staging.appending(file.file.rawValue))
        }
    }

    /// Says whether an image directory holds exactly this image: every digest is compared.
    ///
    /// - Throws: `SystemError` when a file cannot be read, which does not mean that it differs.
    package func matches(_ directory: FilePath, progress: StepProgress) throws -> Bool {
        guard try FileStatus.of(directory) != nil else { return false }
        for name in try names() {
            try progress.report(TransferProgress("verifying \(name)", done: 0))
            let expected = try digest(of: name) ?? Self.digest(source.appending(name))
            guard try Self.digest(directory.appending(name)) == expected else { return false }
        }
        for file in try manifest.derivedFiles() {
            let path = directory.appending(file.file.rawValue)
            guard try FileBytes.readIfPresent(path, limit: 1 << 16) == file.bytes else { return false }
        }
        return true
    }

    /// The files to copy: those that are published, and the signature that this machine made.
    private func names() throws -> [String] {
        let wanted = ImageFile.published.map(\.rawValue) + [MachinePaths.localSignature]
        return try wanted.filter { try FileStatus.of(source.appending($0)) != nil }
    }

    /// What the manifest says of a file; nil when it says nothing.
    private func digest(of name: String) -> Digest? {
        switch ImageFile(rawValue: name) {
        case .root: manifest.root.sha256
        case .kernel: manifest.kernel.sha256
        case .initrd: manifest.initrd.sha256
        default: nil
        }
    }

    /// Copies a file whose blocks are reserved first; returns the digest of what was read.
    private func copy(_ name: String, to target: FilePath, _ progress: StepProgress) throws -> Digest {
        let from = source.appending(name)
        let size = Int(clamping: try FileStatus.of(from)?.size ?? 0)
        let input = try OwnedDescriptor(opening: from)
        let output = try PreallocatedFile(target, size: size)
        var hasher = try SHA256Hasher()
        var buffer = [UInt8](repeating: 0, count: Self.blockSize)
        var done = 0
        while done < size {
            try progress.report(TransferProgress("copying \(name)", done: done, total: size))
            let count = try FileBlock.read(
                input.descriptor, into: &buffer, count: min(buffer.count, size - done), at: done)
            guard count > 0 else { throw Self.mismatch(from) }
            let block = buffer.span.extracting(0..<count)
            try hasher.update(block)
            try output.write(block, at: done)
            done += count
        }
        try progress.report(TransferProgress("copying \(name)", done: size, total: size))
        try output.flushAndForget()
        return try hasher.finish()
    }

    /// The digest of a file; nil when it is not there.
    private static func digest(_ path: FilePath) throws -> Digest? {
        guard try FileStatus.of(path) != nil else { return nil }
        let file = try OwnedDescriptor(opening: path)
        return try SHA256Hasher.digest(reading: file.descriptor).digest
    }
}

extension ImageCopy {
    /// What was read is not what the manifest says.
    private static func mismatch(_ path: FilePath) -> Refusal {
        Refusal(
            .mismatch, "copying", path.string, cause: "its content does not match its digest",
            remedy: "The file or the disk is damaged; use another --source.")
    }
}
