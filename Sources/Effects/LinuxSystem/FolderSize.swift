package import SystemPackage

/// What a folder takes on the disk, with everything below it.
package struct FolderSize: Equatable, Sendable {
    /// The bytes, those that are reserved included; what has several names counts for each.
    package private(set) var bytes: Int64 = 0
    /// Whether all of it could be looked at: what other users keep to themselves cannot.
    package private(set) var isWhole = true

    /// Takes no room.
    package init() {}

    /// Adds up a folder; one that is not there takes no room.
    ///
    /// Links are not followed. Others may change it meanwhile: what is gone when it is looked at does not count.
    package init(of folder: FilePath) {
        var waiting = [folder]
        while let path = waiting.popLast() {
            do throws(SystemError) {
                guard let status = try FileStatus.of(path, followingLinks: false) else { continue }
                bytes += status.allocated
                guard status.kind == .directory else { continue }
                for name in try Folders.names(of: path) {
                    guard let component = FilePath.Component(name) else { continue }
                    waiting.append(path.appending(component))
                }
            } catch { isWhole = false }
        }
    }

    /// Both together.
    package static func + (one: FolderSize, other: FolderSize) -> FolderSize {
        var sum = one
        sum.bytes += other.bytes
        sum.isWhole = one.isWhole && other.isWhole
        return sum
    }
}
