// Layers give their files in the order in which they have them, and a package's layer is sorted: what goes from one
// into the other waits in a folder, under the digest of its content.
import Archives
import ImageModel
import LinuxSystem
package import SystemPackage

/// Says where the content of files lies.
package enum ContentOrigin: Equatable, Sendable {
    /// In a folder, each under its own path.
    case folder(FilePath)
    /// In a folder, each under the hexadecimal digits of its digest, as `TreeReading.layers` leaves it.
    case digests(FilePath)

    /// The folder.
    var place: FilePath {
        switch self {
        case .folder(let path), .digests(let path): path
        }
    }
}

/// Writes contents into a folder under their digests, each once.
struct ContentSpool: ~Copyable {
    private let folder: FilePath
    private var file: OwnedDescriptor?

    /// Names the folder, which must exist and be nobody else's.
    init(_ folder: FilePath) { self.folder = folder }

    private var pending: FilePath { folder.appending("pending") }

    /// Begins the next content.
    mutating func begin() throws {
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: pending, .writeOnly, options: [.create, .truncate, .noFollow], permissions: .ownerReadWrite)
        } catch { throw SystemError.file("writing", pending, error) }
    }

    /// Takes the next bytes of it.
    func write(_ bytes: Span<UInt8>) throws {
        guard let file = file.descriptor else { return }
        do throws(Errno) { try FileBlock.write(bytes, to: file) } catch {
            throw SystemError.file("writing", pending, error)
        }
    }

    /// Gives it its name.
    mutating func end(_ digest: Digest) throws {
        file = nil
        try Folders.rename(pending, to: folder.appending(digest.hex))
    }
}
