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
        if buffer.count < bytes.count { buffer = [UInt8](repeating: 0, count: bytes.count) }
        let count = read(file, bytes.count)
        offset += bytes.count
        isEqual =
            unsafe count == bytes.count
            && bytes.withUnsafeBytes { unsafe $0.elementsEqual(buffer.prefix(bytes.count)) }
    }

    /// Reads on into the front of the buffer; nil when the file cannot be read, which counts as a change.
    private func read(_ file: FileDescriptor, _ count: Int) -> Int? {
        do throws(Errno) {
            return try FileBlock.read(file, into: &buffer, count: count, at: offset)
        } catch { return nil }
    }

    /// Ends the file.
    func end() {
        guard !path.isEmpty else { return }
        if buffer.isEmpty { buffer = [0] }
        // The running one may go on.
        if let file = file.descriptor, isEqual { isEqual = read(file, 1) == 0 }
        if !isEqual { changed.append(path) }
        file = nil
        path = ""
    }
}
