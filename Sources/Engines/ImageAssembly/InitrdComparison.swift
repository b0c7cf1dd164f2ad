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
    private var offset = 0
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
    func begin(_ path: String) {
        guard RootfsRules.isInInitrd(path: path, version: version) else { return }
        self.path = path
        (offset, isEqual) = (0, true)
        do throws(Errno) { file = try OwnedDescriptor(opening: root.appending(path)) } catch {
            // A file that is not there is new; one that cannot be read counts as changed.
            isEqual = false
        }
    }

    /// Takes the next bytes of the file.
    func take(_ bytes: Span<UInt8>) {
        guard isEqual, let file = file.descriptor else { return }
        // One that cannot be read counts as changed.
        do throws(Errno) { isEqual = try FileBlock.holds(file, bytes, at: offset, buffer: &buffer) } catch {
            isEqual = false
        }
        offset += bytes.count
    }

    /// Whether the running one goes on where the other ended; one that cannot be read does.
    private func goesOn(_ file: FileDescriptor) -> Bool {
        do throws(Errno) { return try FileBlock.read(file, into: &buffer, count: 1, at: offset) > 0 } catch {
            return true
        }
    }

    /// Ends the file.
    func end() {
        guard !path.isEmpty else { return }
        if buffer.isEmpty { buffer = [0] }
        if let file = file.descriptor, isEqual { isEqual = !goesOn(file) }
        if !isEqual { changed.append(path) }
        file = nil
        path = ""
    }
}
