import Faults
import ImageModel
package import ImageSources
import JSONText
import LinuxSystem
import RegistryModel
package import ReleaseModel
package import SystemPackage

/// Keeps on the state partition which documents of channels were seen, and the last of them.
package enum ChannelRecord {
    /// Reads what is on record.
    ///
    /// - Parameter root: where the state partition is mounted.
    /// - Throws: `Refusal` when the file is damaged, for then nobody knows what was seen; `SystemError`.
    package static func read(at root: FilePath) throws -> ChannelMemory {
        let path = root.appending(ChannelMemory.file.components)
        guard let bytes = try FileBytes.readIfPresent(path, limit: ChannelMemory.sizeLimit) else {
            return ChannelMemory()
        }
        do throws(ChannelError) { return try ChannelMemory(parsing: bytes) } catch {
            throw Refusal(
                .channelOlder, "reading", "\(path)",
                cause: "it is damaged (\(error.kind.reason)), so nobody knows what was seen",
                remedy: "Remove the file if you are sure that the channel is the newest.", underlying: error)
        }
    }

    /// Writes it; nothing happens when nothing changed.
    ///
    /// - Parameter root: where the state partition is mounted, writable.
    /// - Throws: `SystemError` when it cannot be written.
    package static func note(_ channel: FollowedChannel, at root: FilePath) throws {
        var memory = try read(at: root)
        let before = memory
        memory.note(
            channel.reference.description, name: channel.document.name, issued: channel.document.issued)
        guard memory != before else { return }
        let path = root.appending(ChannelMemory.file.components)
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(memory.serialized(), to: path)
    }

    /// Reads the copy of the document that was read last; nil when there is none that is whole.
    ///
    /// - Parameter root: where the state partition is mounted.
    package static func copy(at root: FilePath) -> ChannelCopy? {
        let path = root.appending(ChannelCopy.file.components)
        // A copy that cannot be read is none: everything is asked for then.
        guard let bytes = try? FileBytes.readIfPresent(path, limit: ChannelCopy.sizeLimit) else { return nil }
        return ChannelCopy(parsing: bytes)
    }

    /// Writes the copy.
    ///
    /// - Parameter root: where the state partition is mounted, writable.
    /// - Throws: `SystemError` when it cannot be written.
    package static func keep(_ copy: ChannelCopy, at root: FilePath) throws {
        let path = root.appending(ChannelCopy.file.components)
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(copy.serialized(), to: path)
    }
}
