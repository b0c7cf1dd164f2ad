import BootModel
import DiskContract
import ImageFolders
import LinuxSystem
import Plans
import SystemPackage

/// The first process of an initramfs that has no other: drivers, the phases of a boot, and the change to the new root.
///
/// It must not end: the kernel panics then. So all that fails is told on the consoles, and restarts the machine.
enum InitProgram {
    /// Boots the machine.
    static func run() -> Never {
        let began = MonotonicClock.now()
        let log = KernelLog(name: "lifeboot")
        do { try InitialMounts.make() } catch { InitFailure.end("\(error)", nil) }
        let line: KernelCommandLine
        do { line = KernelCommandLine(parsing: try Procfs.commandLine()) } catch { InitFailure.end("\(error)", nil) }
        let seal = SystemSeal()
        let parameters = BootParameters.ofThisBoot(line, seal)
        guard seal.isSealed || parameters.concernsThisStage else {
            InitFailure.end(nobodyElse, parameters)
        }
        stop(at: .start, parameters)
        guard BootProgram.boot(parameters, seal, log, start: MachineStart(line), began: began) == 0 else {
            InitFailure.end("The boot failed; what went wrong stands above.", parameters)
        }
        stop(at: .end, parameters)
        leave(line, parameters, began, log)
    }

    private static let nobodyElse = """
        the command line names no image (lifeboot.role=, lifeboot.image=), or says lifeboot.disable, and this \
        initramfs has nothing else to boot. Boot an entry of GRUB's menu as it is; for another root make the initramfs \
        with lifeboot_initramfs=full.
        """

    /// Opens a shell where `rd.break` asks for one; the boot goes on when it is left.
    private static func stop(at point: BootParameters.Breakpoint, _ parameters: BootParameters) {
        guard parameters.breakpoint == point else { return }
        _ = InitFailure.shell(
            "rd.break: the boot stops \(point == .start ? "before its first step" : "before the new root").")
    }

    /// Goes on as the init of the new root; nothing but it and what is mounted stays.
    private static func leave(
        _ line: KernelCommandLine, _ parameters: BootParameters, _ began: Duration, _ log: KernelLog
    ) -> Never {
        let handover = InitHandover(
            line, arguments: ThisProcess.arguments ?? [], environment: ThisProcess.environment)
        ThisProcess.reapChildren()
        do {
            if let remark = try RootSwitch.perform(to: MachinePaths.newRoot) {
                log.write("emptying the initramfs: \(remark)", level: .warning)
            }
        } catch { InitFailure.end("\(error)", parameters) }
        let passed = (MonotonicClock.now() - began).microseconds
        let state = SystemdState(
            realtime: WallClock.microsecondsSince1970 - passed, monotonic: began.microseconds)
        log.write("leaving the initramfs, \(passed / 1000) ms after /init", level: .debug)
        let failures = handover.start(state)
        InitFailure.end("no init of the new root can be started: " + failures.joined(separator: "; "), parameters)
    }
}
