// When kernel and initrd are taken from an image on this machine, what the container changed of the initrd's sources does
// not take effect before an initrd is made anew. That must be said.
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// Compares files on their way into an image with those of a running root, as far as an initrd has copies of them.
package final class InitrdComparison {
    /// The most names given in the note.
    private static let shown = 5

    private let root: FilePath
    private let version: KernelVersion
    private var path = ""
    private var file: OwnedDescriptor?
    private var isEqual = true
    private var buffer: [UInt8] = []
    private var changed: [String] = []

    /// Compares with a root filesystem.
    ///
    /// - Parameter version: the kernel whose modules the initrd has.
    package init(root: FilePath, version: KernelVersion) {
        self.root = root
        self.version = version
    }

    /// What was found, a sentence or none.
    package var notes: [String] {
        guard !changed.isEmpty else { return [] }
        let names = changed.prefix(Self.shown).map { "/\($0)" }.joined(separator: ", ")
        let more = changed.count > Self.shown ? " and \(changed.count - Self.shown) more" : ""
        return [
            "the initrd of the image on this machine is used, and does not have what the container changed in \(names)\(more)"
        ]
    }

    /// Begins a file; only those that an initrd has copies of are looked at.
    func begin(_ path: String) throws {
        guard RootfsRules.isInInitrd(path: path, version: version) else { return }
        self.path = path
        isEqual = true
        do throws(Errno) { file = try OwnedDescriptor(opening: root.appending(path)) } catch {
            // A file that is not there is new; one that cannot be read counts as changed.
            isEqual = false
        }
    }

    /// Takes the next bytes of the file.
    func take(_ bytes: Span<UInt8>) throws {
        guard isEqual, let file = file.descriptor else { return }
        if buffer.count < bytes.count { buffer = [UInt8](repeating: 0, count: bytes.count) }
        var done = 0
        while done < bytes.count {
            let count = try unsafe buffer.withUnsafeMutableBytes { memory in
                try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[done..<bytes.count]))
            }
            if count == 0 { break }
            done += count
        }
        isEqual = unsafe done == bytes.count && bytes.withUnsafeBytes { unsafe $0.elementsEqual(buffer.prefix(done)) }
    }

    /// Ends the file.
    func end() throws {
        guard !path.isEmpty else { return }
        if let file = file.descriptor, isEqual {
            // The running one may go on.
            var byte: [UInt8] = [0]
            isEqual = try unsafe byte.withUnsafeMutableBytes { try unsafe file.read(into: $0) } == 0
        }
        if !isEqual { changed.append(path) }
        file = nil
        path = ""
    }
}
