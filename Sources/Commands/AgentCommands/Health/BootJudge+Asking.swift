import BootModel

extension BootJudge {
    /// Asks the machine, and decides.
    ///
    /// - Throws: `CommandFailure` when the command line of the kernel cannot be read; then nothing reboots.
    package static func decide(
        _ occasion: Occasion, _ machine: some MachineAccess
    ) throws(CommandFailure) -> Decision {
        let parameters = try BootParameters(machine)
        let health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        let isHealthy = (try? machine.runtimeFile(HealthReport.stamp)) != nil
        let saving = health?.saving ?? GrubSaving(parameters, EnvironmentFacts(machine).primary)
        return decide(occasion, parameters, saving, health: health, isHealthy: isHealthy)
    }

    /// Writes into the history why the machine is about to be restarted; a verdict that is there already stays.
    ///
    /// - Throws: the error of the partition that could not be written.
    package static func record(_ cause: String, _ machine: inout some MachineAccess) throws {
        let parameters = try BootParameters(machine)
        let bootID = try machine.bootID()
        if BootRecord.merged(machine).boots.first(where: { $0.bootID == bootID })?.outcome == .unhealthy { return }
        var record = BootRecord(parameters, bootID: bootID, time: machine.now(), outcome: .unhealthy)
        record.step = "boot"
        record.cause = cause
        try machine.append(record)
    }
}
