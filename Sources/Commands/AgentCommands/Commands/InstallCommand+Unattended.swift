import BootHealth
package import CommandOutput
import LinuxSystem
import SystemPackage
import TransactionPlanning
import Transactions

extension InstallCommand {
    /// Every console where a unit has started it; else the terminal it was typed at.
    package var streams: OutputStreams { speaksToConsoles ? .standard.shownOnConsoles() : .standard }

    private var speaksToConsoles: Bool {
        unattended && !dryRun && !json && !ThisProcess.isTerminal(.standardError)
    }

    /// Installs as the medium says; a refusal stays on the screens, and the machine stays as it is.
    func performUnattended(_ output: Output) throws {
        do {
            let installation = try UnattendedInstallation(
                access: try sources.access(), hooksAreStrict: !noStrict, observer: output.report)
            if dryRun {
                return output.plans("install", try [installation.plan()].compactMap(\.self), nothing: Self.unneeded)
            }
            let result = try installation.run()
            notice([], output)
            try finish(result, as: installation.file, output)
        } catch {
            notice(["This machine was not installed.", "\(error)"], output)
            if speaksToConsoles { OperationProgress.note(failure: "This machine was not installed: \(error)") }
            throw error
        }
    }

    /// Says it at the logins, where somebody comes by later.
    private func notice(_ lines: [String], _ output: Output) {
        guard speaksToConsoles else { return }
        do { try LoginNotice("lifeboot-install", lines).write() } catch { output.warn("\(error)") }
    }

    private static let unneeded = "Nothing to do: the disk has this installation already."

    private func finish(_ result: UnattendedResult, as file: InstallFile, _ output: Output) throws {
        let ending: InstallFile.Ending
        switch result {
        case .installed(let outcome, let title, let disk):
            output.end(OperationResult("install", changed: true, "\(title) was installed on \(disk).", outcome))
            ending = file.ending
        case .wasInstalled(let disk):
            output.end(
                OperationResult("install", changed: false, "Nothing was done: \(disk) has this installation already."))
            ending = file.endingWhenInstalled
        }
        guard let end = MachineEnd(ending) else { return }
        output.remark(end == .reboot ? "The machine starts again." : "The machine is switched off.")
        try end.perform()
    }
}

extension MachineEnd {
    /// What an `install.yaml` says; nil when the machine goes on.
    init?(_ ending: InstallFile.Ending) {
        switch ending {
        case .reboot: self = .reboot
        case .poweroff: self = .powerOff
        case .nothing: return nil
        }
    }
}
