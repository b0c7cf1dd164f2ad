import LinuxSystem
import Synchronization
import SystemPackage

/// Looks at devices beside its owner, each disk on a thread of its own: one that answers slowly, or never, holds up nobody.
final class DeviceProbes: Sendable {
    /// Looks at one device, for as long as it takes.
    typealias Look = @Sendable (FilePath) throws(BlockDeviceError) -> DeviceSighting

    /// What was found of one device.
    struct Finding: Sendable {
        let path: FilePath
        let result: Result<DeviceSighting, BlockDeviceError>
    }

    /// Is raised whenever there is something to take.
    let signal: WakeSignal
    private let look: Look
    private let state = Mutex(State())

    private struct State {
        /// Devices to look at, by disk; a disk that is a key has a thread.
        var queues: [String: [FilePath]] = [:]
        /// How often each device is still to be looked at.
        var unanswered: [FilePath: Int] = [:]
        var findings: [Finding] = []
    }

    /// Starts with nothing to look at.
    init(_ look: @escaping Look) throws(SystemError) {
        signal = try WakeSignal()
        self.look = look
    }

    /// Devices that have not answered yet, by name.
    var unanswered: [FilePath] { state.withLock { $0.unanswered.keys.sorted { $0.string < $1.string } } }

    /// Looks at a device after those of the same disk that were asked for earlier.
    func ask(about path: FilePath, on disk: String) {
        let isNew = state.withLock { state in
            state.unanswered[path, default: 0] += 1
            let isNew = state.queues[disk] == nil
            state.queues[disk, default: []].append(path)
            return isNew
        }
        if isNew, !DetachedWork.start({ self.work(on: disk) }) { work(on: disk) }
    }

    /// Takes what was found since the last time, in the order in which it was found.
    func take() -> [Finding] {
        state.withLock { state in
            defer { state.findings = [] }
            return state.findings
        }
    }

    private func work(on disk: String) {
        while let path = next(on: disk) {
            let result: Result<DeviceSighting, BlockDeviceError>
            do throws(BlockDeviceError) { result = .success(try look(path)) } catch { result = .failure(error) }
            state.withLock { state in
                state.findings.append(Finding(path: path, result: result))
                state.unanswered[path] = state.unanswered[path].flatMap { $0 > 1 ? $0 - 1 : nil }
            }
            signal.raise()
        }
    }

    /// The next device of the disk; when there is none the disk has no thread any more.
    private func next(on disk: String) -> FilePath? {
        state.withLock { state in
            guard let path = state.queues[disk]?.first else {
                state.queues[disk] = nil
                return nil
            }
            state.queues[disk]?.removeFirst()
            return path
        }
    }
}

/// A device as it was seen, and what is known of it besides its name.
package struct DeviceSighting: Equatable, Sendable {
    /// The device.
    package var device: BlockDevice
    /// Whether something other than its name shows that it is the device that is meant, or another one; nil when nothing does.
    package var isMeant: Bool?

    /// Describes a device.
    package init(_ device: BlockDevice, isMeant: Bool? = nil) {
        self.device = device
        self.isMeant = isMeant
    }
}
