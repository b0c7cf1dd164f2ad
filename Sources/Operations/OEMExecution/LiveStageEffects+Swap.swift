import Faults
import Filesystems
import LinuxSystem
import OEMPlanning
import Plans
import SystemPackage

// A swap file.
extension LiveStageEffects {
    /// Where the kernel keeps a mark that mkswap has been there: at the end of the first page (mkswap(8)).
    private static let mark = (place: Int64(4086), bytes: Array("SWAPSPACE2".utf8))
    /// What lies in memory itself, or cannot hold swap.
    private static let unfit = ["tmpfs", "ramfs", "overlay", "squashfs", "erofs"]

    mutating func addSwap(_ text: String, _ bytes: Int?, _ limit: Int?) throws -> StepResult<Never> {
        let path = FilePath(text)
        if try SwapAreas.inUse().contains(path.string) { return changed(false) }
        _ = try root.makeDirectory(path.removingLastComponent(), mode: nil, newMode: 0o755, owner: nil)
        try Self.requirePlace(for: path)
        let old = try FileStatus.of(path, followingLinks: false)
        let plan = SwapPlan(
            asked: bytes, limit: limit, memory: Int(clamping: MachineMemory.kibibytes ?? 0) * 1024,
            free: try FreeSpace.bytes(at: path.removingLastComponent()) + Int(clamping: old?.allocated ?? 0))
        if old?.kind != .file || !plan.serves(Int(clamping: old?.size ?? 0)) || !Self.isMarked(path) {
            guard let size = plan.size else { throw PreallocationError.noSpace(path, needed: 1 << 20, free: plan.free) }
            try make(path, size)
        }
        try run("using", text, "swapon", ["--", text])
        return changed(true)
    }

    private static func requirePlace(for path: FilePath) throws {
        let holder = try Procfs.mounts().filter { path.starts(with: $0.target) }
            .max { $0.target.components.count < $1.target.components.count }
        guard let holder, unfit.contains(holder.filesystem) else { return }
        throw StageError(
            .impossible, "making", path.string,
            cause: "\(holder.target) is a \(holder.filesystem), which holds no swap",
            remedy: "Name a file on the persistent partition, such as one below /usr/local.")
    }

    private static func isMarked(_ path: FilePath) -> Bool {
        (try? FileRange.read(path, at: mark.place, count: mark.bytes.count)) == mark.bytes
    }

    /// Readable for root alone before there is anything in it: memory of all programs will be.
    private func make(_ path: FilePath, _ size: Int) throws {
        // The old one must not stay in the way of the new one.
        try Folders.remove(path, .files)
        _ = try root.write([], to: path, mode: 0o600, owner: .root)
        do {
            try PreallocatedFile(path, size: size).flush()
            try run("making", path.string, "mkswap", ["--", path.string])
        } catch {
            try? Folders.removeFile(path)
            throw error
        }
    }
}
