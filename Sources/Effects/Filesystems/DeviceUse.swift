import Glibc
import LinuxSystem
package import SystemPackage

/// Says by what a disk or partition is used.
package struct DeviceUse: Equatable, Sendable {
    /// One phrase for each use, such as `/dev/sda2 is mounted on /home`; empty when it is free.
    package private(set) var reasons: [String] = []

    /// Looks at a disk and all its partitions, or at one partition.
    ///
    /// The kernel's own word is an exclusive open, which covers mounts of other namespaces as well; mounts, swap areas
    /// and holders (device-mapper, RAID) say why.
    /// - Throws: `FilesystemError` when it cannot be found out, which does not mean that it is free.
    package static func of(_ device: FilePath) throws(FilesystemError) -> DeviceUse {
        do throws(SystemError) {
            guard let status = try FileStatus.of(device) else {
                throw .file("looking at", device, .noSuchFileOrDirectory)
            }
            guard status.kind == .blockDevice else { throw .file("looking at", device, Errno(rawValue: ENOTBLK)) }
            let nodes = try BlockNode.all(major: status.device.major, minor: status.device.minor)
            return DeviceUse(
                nodes: nodes, mounts: try Procfs.mounts(), swaps: try SwapAreas.inUse(), isHeld: try isHeld(device))
        } catch {
            throw .unknown("finding out the use of", device, error)
        }
    }

    /// Judges what was read.
    init(nodes: [BlockNode], mounts: [MountEntry], swaps: [String], isHeld: Bool) {
        for node in nodes {
            reasons += mounts.filter { $0.device == node.number || $0.source == node.path }
                .map { "\(node.path) is mounted on \($0.target)" }
            if swaps.contains(node.path) { reasons.append("\(node.path) is a swap area") }
            reasons += node.holders.map { "\(node.path) is held by \($0)" }
        }
        if reasons.isEmpty, isHeld { reasons = ["the kernel says that it is in use"] }
    }

    /// Whether an exclusive open is refused.
    private static func isHeld(_ device: FilePath) throws(SystemError) -> Bool {
        do throws(Errno) {
            _ = try OwnedDescriptor(opening: device, options: FileDescriptor.OpenOptions(rawValue: O_EXCL))
            return false
        } catch {
            if error == .resourceBusy { return true }
            throw .file("opening", device, error)
        }
    }
}

/// One block device as sysfs shows it.
struct BlockNode: Equatable {
    /// The device node.
    let path: String
    /// Major and minor number, as `8:1`.
    let number: String
    /// Names of devices that are made of it.
    let holders: [String]

    /// A device and its partitions.
    static func all(major: UInt32, minor: UInt32, root: FilePath = "/sys") throws(SystemError) -> [BlockNode] {
        let folder = root.appending("dev/block/\(major):\(minor)")
        var nodes = [try read(folder)]
        for name in try Folders.names(of: folder) {
            let below = folder.appending(name)
            guard try FileBytes.readFile(below.appending("partition")) != nil else { continue }
            nodes.append(try read(below))
        }
        return nodes
    }

    private static func read(_ folder: FilePath) throws(SystemError) -> BlockNode {
        let lines = (try FileBytes.readFile(folder.appending("uevent")) ?? "").split(separator: "\n")
        let name = lines.first { $0.hasPrefix("DEVNAME=") }?.dropFirst("DEVNAME=".count) ?? ""
        let number = try FileBytes.readFile(folder.appending("dev")) ?? ""
        return BlockNode(
            path: "/dev/\(name)", number: number.split(separator: "\n").first.map(String.init) ?? "",
            holders: try Folders.names(of: folder.appending("holders")))
    }
}

extension FileBytes {
    /// The text of a file in sysfs; nil when it, or the folder it would be in, is not there.
    fileprivate static func readFile(_ path: FilePath) throws(SystemError) -> String? {
        do throws(SystemError) {
            return try readIfPresent(path, limit: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            if error.errno == .notDirectory { return nil }
            throw error
        }
    }
}
