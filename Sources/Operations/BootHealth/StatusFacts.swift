package import BootModel
package import DiskContract
package import Faults
package import GrubEnvironment
package import ImageModel
package import InstalledSystem
package import JSONText
import OEMModel
package import TransactionPlanning

/// Everything that `lifeboot status` tells from; what could not be found out is in `notes`, never left out.
package struct StatusFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// The kernel's boot id; empty when it could not be read.
    package var bootID: String
    /// Seconds since 1970.
    package var now: Int64
    /// The boot environment.
    package var environment: EnvironmentFacts
    /// The images on both partitions.
    package var images: [StoredImage]
    /// The partitions whose images could not be listed.
    package var unknownPlaces: [Store]
    /// The boots and operations on record, newest first.
    package var history: [HistoryRecord]
    /// The report of the initramfs stage.
    package var report: JSONValue?
    /// What `mark-good` left.
    package var health: HealthSummary?
    /// Whether the stamp of a healthy system is there.
    package var isHealthy: Bool
    /// Images whose kernel or initrd does not match its digest, and how.
    package var damagedBootFiles: [ImageID: String]
    /// Images whose root file does not match its digest, and how.
    package var damagedRoots: [ImageID: String]
    /// Partitions of other disks that have the identity of the boot partition, by node.
    package var copies: [String] = []
    /// Whether recovery is to stay what it is, whatever active is.
    package var recoveryStays = false
    /// How this machine stands with upgrades by itself; nil when it has decided nothing about them in this boot.
    package var updates: UpdateStanding?
    /// What did not work with overlays and in the stages of this boot, one line each.
    package var stageProblems: [String] = []
    /// What could not be found out, one line each.
    package var notes: [String]

    /// Makes facts; a test gives only those that it is about.
    package init(
        parameters: BootParameters, bootID: String = "", now: Int64 = 0, environment: EnvironmentFacts,
        images: [StoredImage] = [], boots: [BootRecord] = [], report: JSONValue? = nil, health: HealthSummary? = nil,
        isHealthy: Bool = false
    ) {
        self.parameters = parameters
        self.bootID = bootID
        self.now = now
        self.environment = environment
        self.images = images
        history = boots.map { .boot($0) }
        self.report = report
        self.health = health
        self.isHealthy = isHealthy
        unknownPlaces = []
        damagedBootFiles = [:]
        damagedRoots = [:]
        notes = []
    }

    /// The boots on record, newest first.
    package var boots: [BootRecord] { history.compactMap(\.boot) }
    /// The operations on record, newest first.
    package var operations: [OperationRecord] { history.compactMap(\.operation) }

    /// The image of a role as it was found on its partition.
    package func stored(_ role: Role) -> StoredImage? {
        guard let image = environment.environment?.image(of: role) else { return nil }
        let place = Store(of: role)
        return images.first { $0.id == image && $0.store == place }
    }

    /// Whether GRUB would find everything it loads for a role.
    package func isUsable(_ role: Role) -> Bool {
        guard let stored = stored(role) else { return unknownPlaces.contains(Store(of: role)) }
        return stored.bootFaults.isEmpty && damagedBootFiles[stored.id] == nil
    }

    /// Whether GRUB could write the boot environment when it started this system.
    package var saving: GrubSaving {
        health?.saving ?? GrubSaving(parameters, environment.primary)
    }

    /// What GRUB would boot if the machine were restarted now.
    package var nextBoot: BootAttempt? {
        let canSave = if case .failed = saving { false } else { true }
        return environment.environment?.choice(canSave: canSave) { role, _ in isUsable(role) }.attempt
    }
}

extension StatusFacts {
    /// Asks the machine for everything.
    ///
    /// - Parameters:
    ///   - command: the verb that asks, for the message.
    ///   - checkingRoots: whether the root files of images that failed without a record are read as a whole.
    ///   - recoveryStays: whether the configuration says that recovery stays what it is.
    /// - Throws: `Refusal` when this is not root or the command line of the kernel cannot be read; everything
    ///   else that fails is noted.
    package init(
        gathering machine: borrowing some MachineAccess & ~Copyable, command: String, checkingRoots: Bool = false,
        recoveryStays: Bool = false
    ) throws(Refusal) {
        guard machine.isRoot else { throw .notRoot(command) }
        let parameters = try machine.requireOurs(command)
        self.init(parameters: parameters, environment: EnvironmentFacts(machine))
        now = machine.now()
        bootID = noting("the boot id") { try machine.bootID() } ?? ""
        report = noting("the report of this boot") { try machine.bootReport() } ?? nil
        isHealthy = (try? machine.runtimeFile(HealthReport.stamp)) != nil
        health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        updates = ((try? machine.runtimeFile(UpdateMemory.runtimeName)) ?? nil).flatMap { UpdateStanding(parsing: $0) }
        copies = noting("the other disks") { try machine.copiesOfBootDisk() } ?? []
        gatherStages(machine)
        gatherImages(machine)
        gatherHistory(machine)
        self.recoveryStays = recoveryStays || InstalledRecord.keepsRecovery(machine, environment.environment)
        checkFiles(machine, withRoots: checkingRoots)
    }

    private mutating func gatherStages(_ machine: borrowing some MachineAccess & ~Copyable) {
        let stages = (StageNames.boot + StageNames.operations).map { (what: "stage \($0)", file: "stages/\($0).json") }
        for (what, file) in [("overlays", "overlays.json")] + stages {
            let report = noting("the report of \(what)") {
                try machine.runtimeFile(file).map { try JSONValue(parsing: $0) }
            }
            let problems = ((report ?? nil)?["problems"]?.elements ?? []).compactMap(\.text)
            // A file that is refused as a whole is so in every stage.
            stageProblems += problems.filter { !stageProblems.contains($0) }
        }
    }

    private mutating func gatherImages(_ machine: borrowing some MachineAccess & ~Copyable) {
        for place in Store.allCases {
            do { images += try machine.images(on: place) } catch {
                unknownPlaces.append(place)
                notes.append("the images on the \(place) partition: \(error)")
            }
        }
    }

    private mutating func gatherHistory(_ machine: borrowing some MachineAccess & ~Copyable) {
        let (records, problems) = HistoryRecord.merged(machine)
        history = records
        notes += problems
    }

    /// Reads the files only of images that failed without a record that says why: it takes a while.
    private mutating func checkFiles(_ machine: borrowing some MachineAccess & ~Copyable, withRoots: Bool) {
        for role in Role.allCases where role != parameters.role {
            guard let stored = stored(role), stored.bootFaults.isEmpty, isUnexplained(role) else { continue }
            damagedBootFiles[stored.id] =
                noting("kernel and initrd of \(stored.id)") {
                    try machine.fault(of: [.kernel, .initrd], in: stored.id, on: stored.store)
                } ?? nil
            guard withRoots, damagedBootFiles[stored.id] == nil else { continue }
            damagedRoots[stored.id] =
                noting("root file of \(stored.id)") {
                    try machine.fault(of: [.root], in: stored.id, on: stored.store)
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
    /// - Throws: `Refusal` when `/proc` cannot be read.
    package init(_ machine: borrowing some MachineAccess & ~Copyable) throws(Refusal) {
        do { self.init(KernelCommandLine(parsing: try machine.commandLine())) } catch {
            throw Refusal(
                .impossible, "reading", "/proc/cmdline", because: error, remedy: "Check that /proc is mounted.")
        }
    }
}
