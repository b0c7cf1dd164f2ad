import ContainerBuilds
import Faults
import LinuxSystem
import PackageSpecs
import SystemPackage

// Secrets, and what is printed.
extension ContainerRun {
    /// Puts secrets where steps find them, in files that are gone with the build.
    ///
    /// - Returns: what is mounted.
    /// - Throws: `PackageBuildError` for one that is not there; `SystemError`.
    static func secrets(_ build: BuildSpec, layer: FilePath, in work: FilePath) throws -> [String] {
        guard !build.secrets.isEmpty else { return [] }
        let folder = work.appending("secrets")
        try Folders.makeNew(folder, permissions: 0o700)
        for secret in build.secrets {
            try AtomicFile.write(
                try content(of: secret, layer), to: folder.appending(secret.name), permissions: .ownerReadWrite)
        }
        return ["\(folder):/run/secrets:ro"]
    }

    private static let secretLimit = 1 << 20

    private static func content(of secret: BuildSecret, _ layer: FilePath) throws -> [UInt8] {
        switch secret.origin {
        case .variable(let name):
            guard let value = ThisProcess.variable(name) else {
                throw PackageBuildError.noSecret(secret, "the variable \(name) is not set")
            }
            return Array(value.utf8)
        case .file(let path):
            do throws(SystemError) { return try FileBytes.readGiven(layer.pushing(path), limit: secretLimit) } catch {
                throw PackageBuildError.noSecret(secret, error.cause)
            }
        }
    }
}

/// A file that steps print into, begun anew.
struct LogFile: ~Copyable {
    private let file: OwnedDescriptor
    private let path: FilePath

    /// Empties it.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    init(_ path: FilePath) throws(SystemError) {
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .truncate, .append, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch { throw .file("writing", path, error) }
        self.path = path
    }

    /// What programs write to.
    var descriptor: FileDescriptor { file.descriptor }

    /// Writes a text.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    func write(_ text: String) throws(SystemError) {
        do throws(Errno) { try FileBlock.write(Array(text.utf8).span, to: file.descriptor) } catch {
            throw .file("writing", path, error)
        }
    }
}
