package import BootModel
import GrubEnvironment
import ImageModel

extension StatusFacts {
    /// Asks the machine for everything.
    ///
    /// - Parameters:
    ///   - command: the verb that asks, for the message.
    ///   - checkingRoots: whether the root files of images that failed without a record are read as a whole.
    /// - Throws: `CommandFailure` when this is not root or the command line of the kernel cannot be read; everything
    ///   else that fails is noted.
    package init(
        gathering machine: some MachineAccess, command: String, checkingRoots: Bool = false
    ) throws(CommandFailure) {
        guard machine.isRoot else { throw .notRoot(command) }
        let parameters = try BootParameters(machine)
        guard parameters.role != nil, parameters.bootPartition != nil else { throw .notOurs(command) }
        self.init(parameters: parameters, environment: EnvironmentFacts(machine))
        now = machine.now()
        bootID = noting("the boot id") { try machine.bootID() } ?? ""
        report = noting("the report of this boot") { try machine.bootReport() } ?? nil
        isHealthy = (try? machine.runtimeFile(HealthReport.stamp)) != nil
        health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        gatherImages(machine)
        gatherHistory(machine)
        checkFiles(machine, withRoots: checkingRoots)
    }

    private mutating func gatherImages(_ machine: some MachineAccess) {
        for place in [FoundImage.Place.state, .recovery] {
            do { images += try machine.images(on: place) } catch {
                unknownPlaces.append(place)
                notes.append("the images on the \(place) partition: \(error)")
            }
        }
    }

    private mutating func gatherHistory(_ machine: some MachineAccess) {
        let (merged, problems) = BootRecord.merged(machine)
        boots = merged
        notes += problems
    }

    /// Reads the files only of images that failed without a record that says why: it takes a while.
    private mutating func checkFiles(_ machine: some MachineAccess, withRoots: Bool) {
        for role in Role.allCases where role != parameters.role {
            guard let stored = stored(role), stored.bootFaults.isEmpty, isUnexplained(role) else { continue }
            damagedBootFiles[stored.id] =
                noting("kernel and initrd of \(stored.id)") {
                    try machine.bootFilesProblem(of: stored.id, on: stored.place)
                } ?? nil
            guard withRoots, damagedBootFiles[stored.id] == nil else { continue }
            damagedRoots[stored.id] =
                noting("root file of \(stored.id)") {
                    try machine.rootFileProblem(of: stored.id, on: stored.place)
                } ?? nil
        }
    }

    private func isUnexplained(_ role: Role) -> Bool {
        guard let environment = environment.environment else { return false }
        let isSuspect = passedOver.contains(role) || !environment.mayTry(role)
        return isSuspect && recordedFailure(of: role)?.step == nil
    }

    private mutating func noting<Value>(_ subject: String, _ body: () throws -> Value) -> Value? {
        do { return try body() } catch {
            notes.append("\(subject): \(error)")
            return nil
        }
    }
}

extension BootParameters {
    /// Reads the parameters of the running kernel.
    ///
    /// - Throws: `CommandFailure` when `/proc` cannot be read.
    package init(_ machine: some MachineAccess) throws(CommandFailure) {
        do { self.init(KernelCommandLine(parsing: try machine.commandLine())) } catch {
            throw CommandFailure(
                "reading", "/proc/cmdline", cause: "\(error)", remedy: "Check that /proc is mounted.")
        }
    }
}
