import LinuxSystem

/// Loads the drivers of devices that appear while the boot goes on: a bus that answers late, a stick that is plugged in.
///
/// What it reads is kept by the kernel from the moment at which it was made. Dropping it ends its thread, and waits for
/// that, so that no module is cut while it starts.
struct DeviceFollower: ~Copyable {
    private let signal: WakeSignal
    private var work: BackgroundWork<Void>

    /// Starts to follow, with a socket that was opened before the devices that there are were looked at.
    ///
    /// - Throws: `SystemError` when the kernel has no descriptor left.
    init(_ socket: consuming UeventSocket, _ loader: ModuleLoader, _ log: KernelLog) throws(SystemError) {
        let signal = try WakeSignal()
        self.signal = signal
        let events = DeviceEvents(socket)
        work = BackgroundWork {
            do { try events.follow(until: signal, loader, log) } catch { log.write("\(error)", level: .warning) }
        }
    }

    /// Ends it; every module that was being loaded is there then.
    consuming func stop() {
        signal.raise()
        do { try work.value() } catch {}
    }
}

/// What the kernel says of devices, read by one thread.
private final class DeviceEvents: Sendable {
    private let socket: UeventSocket

    init(_ socket: consuming UeventSocket) { self.socket = socket }

    func follow(until signal: WakeSignal, _ loader: ModuleLoader, _ log: KernelLog) throws {
        while true {
            switch try socket.next(until: .never, or: signal) {
            case .event(let event) where event.action == "add" || event.action == "change":
                guard let alias = event.variables["MODALIAS"] else { break }
                loader.loadDrivers(of: [alias], log)
            // Too much came at once: look at all of them.
            case .lost: loader.loadDrivers(of: try DeviceAliases.all(), log)
            case .woken: return
            case .event, .timedOut: break
            }
        }
    }
}
