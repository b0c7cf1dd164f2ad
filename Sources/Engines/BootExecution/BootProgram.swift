import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import ImageFolders
import ImageModel
import InstalledSystem
import JSONText
import LinuxSystem
import SystemPackage

/// What `lifeboot-init` does: boots, reports, and turns a failure into a counted reboot or a shell.
package enum BootProgram {
    /// Runs what this process is for: the whole initramfs, one call of the kernel for a module, or the stage as a guest.
    ///
    /// Returns the exit status for the initramfs, 0 when it may go on; not when a failure reboots the machine, nor as the
    /// first process.
    ///
    /// - Parameter isPrepared: whether what a first process needs before its start was done.
    package static func run(isPrepared: Bool) -> Int32 {
        switch InitRole.current() {
        case .moduleLoader: ModprobeProgram.run(ThisProcess.arguments ?? [])
        case .firstProcess where isPrepared: InitProgram.run()
        case .firstProcess, .guest: runAsGuest()
        }
    }

    private static func runAsGuest() -> Int32 {
        let log = KernelLog(name: "lifeboot")
        let seal = SystemSeal()
        let parameters: BootParameters
        do { parameters = .ofThisBoot(KernelCommandLine(parsing: try Procfs.commandLine()), seal) } catch {
            log.write("reading the command line: \(error)", level: .error)
            return 1
        }
        // A sealed system has no other stage to leave the boot to; the plan says what is missing.
        guard parameters.concernsThisStage || seal.isSealed else {
            log.write("standing aside: the command line names no image, or says lifeboot.disable")
            return 0
        }
        return boot(parameters, seal, log, start: nil, began: nil)
    }

    /// Boots; 0 when the new root is there, with the reason on the console when it is not and a shell was asked for.
    ///
    /// - Parameters:
    ///   - start: what loads modules; nil where somebody else does.
    ///   - began: when `/init` began; nil where it is another program.
    static func boot(
        _ parameters: BootParameters, _ seal: SystemSeal, _ log: KernelLog, start: consuming MachineStart?,
        began: Duration?
    ) -> Int32 {
        for problem in parameters.problems { log.write("command line: \(problem)", level: .warning) }
        var effects = LiveBootEffects(parameters: parameters, seal: seal, start: start)
        var report = BootSequence().run(&effects)
        report.initStarted = began?.microseconds
        effects.stopLoading()
        write(report, log)
        guard let failure = report.failure else {
            let line = StartMessage.text(report)
            if !Console.writeToAll(line) { log.write(line) }
            log.write("\(line), \(report.duration / 1000) ms", level: .debug)
            return 0
        }
        effects.record(failure)
        if parameters.shellOnFailure { effects.releaseWatchdog() }
        return end(report, failure, log)
    }

    private static func write(_ report: BootReport, _ log: KernelLog) {
        do {
            try Folders.make(MachinePaths.run)
            try AtomicFile.write(report.json.serialized(indented: true) + [0x0A], to: MachinePaths.report)
        } catch { log.write("writing \(MachinePaths.report): \(error)", level: .warning) }
    }

    /// Tells the operator, then reboots; a boot by hand may end in a shell instead.
    private static func end(_ report: BootReport, _ failure: BootFailure, _ log: KernelLog) -> Int32 {
        let isShown = Console.writeToAll(FailurePanel.text(report, failure))
        // Said once: what the panel says goes to the log without the console.
        log.write("boot failed: \(failure)", level: isShown ? .debug : .error)
        if report.parameters.shellOnFailure { return 1 }
        Pause.seconds(report.parameters.failureDelay)
        do { try Reboot.restart.perform() } catch {
            log.write("\(error)", level: .error)
            return 1
        }
    }
}

extension BootParameters {
    /// Whether this boot is one of ours: an image is named, and nobody asked to stand aside.
    var concernsThisStage: Bool {
        !disabled && (isLive || role != nil || image != nil || bootPartition != nil || legacyImage != nil)
    }

    /// What a command line says, as far as a seal lets it.
    static func ofThisBoot(_ line: KernelCommandLine, _ seal: SystemSeal) -> BootParameters {
        let parameters = BootParameters(line)
        return seal.isSealed ? parameters.sealed : parameters
    }

    /// The same on a sealed system: whoever sits at its console is not its owner.
    var sealed: BootParameters {
        var parameters = self
        parameters.shellOnFailure = false
        parameters.breakpoint = nil
        return parameters
    }
}

extension LiveBootEffects {
    /// Writes the failure into the history ring, on the state partition or else on recovery's; everything is unmounted.
    ///
    /// A live boot touches no disk, and keeps no history.
    mutating func record(_ failure: BootFailure) {
        guard !parameters.isLive else { return }
        var record = BootRecord(
            parameters, bootID: Procfs.bootID, time: WallClock.secondsSince1970, outcome: .failed)
        record.step = "\(failure.step) \(failure.subject)"
        record.cause = failure.cause
        for source in [DeviceSource.state, .recovery] {
            do {
                let device = try find(source)
                try TemporaryMount.readOnly(device) { try HistoryStore(mountPoint: $0).append(.boot(record)) }
                return
            } catch { log("recording the failure on \(source.description): \(error)") }
        }
    }
}
