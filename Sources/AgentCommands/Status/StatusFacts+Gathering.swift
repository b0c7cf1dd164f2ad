package import BootModel
import GrubEnvironment
import ImageModel

extension StatusFacts {
    /// Asks the machine for everything.
    ///
    /// - Parameter command: the verb that asks, for the message.
    /// - Throws: `CommandFailure` when this is not root or the command line of the kernel cannot be read; everything
    ///   else that fails is noted.
    package init(gathering machine: some MachineAccess, command: String) throws(CommandFailure) {
        guard machine.isRoot else { throw .notRoot(command) }
        self.init(parameters: try BootParameters(machine), environment: EnvironmentFacts(machine))
        now = machine.now()
        bootID = noting("the boot id") { try machine.bootID() } ?? ""
        report = noting("the report of this boot") { try machine.bootReport() } ?? nil
        isHealthy = (try? machine.runtimeFile(HealthReport.stamp)) != nil
        health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        gatherImages(machine)
        gatherHistory(machine)
        checkBootFiles(machine)
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

    /// Reads kernel and initrd only of images that GRUB passed over without a record that says why: it takes a while.
    private mutating func checkBootFiles(_ machine: some MachineAccess) {
        for role in Role.allCases where role != parameters.role {
            guard let stored = stored(role), stored.bootFaults.isEmpty, isUnexplained(role) else { continue }
            do { damagedBootFiles[stored.id] = try machine.bootFilesProblem(of: stored.id, on: stored.place) } catch {
                notes.append("kernel and initrd of \(stored.id): \(error)")
            }
        }
    }

    private func isUnexplained(_ role: Role) -> Bool {
        guard let environment = environment.environment else { return false }
        let isSuspect = passedOver.contains(role) || !environment.mayTry(role)
        return isSuspect && recordedFailure(of: role) == nil
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
