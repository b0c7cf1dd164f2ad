import Foundation
import GrubEnvironment
import ImageModel
import SystemPackage

/// Judges a disk after a cut: whether GRUB loads a system from it, and the agent boots that.
final class CutInspection {
    /// What was found at a cut.
    struct Finding: Sendable {
        let cut: PowerCut
        /// What is wrong; nothing when the machine boots as it should.
        let problems: [String]
        /// The boot environment, when GRUB can read it.
        let environment: BootEnvironment?
    }

    /// A partition after certain writes, and what is asked about it.
    private struct Question: Hashable {
        let partition: Int
        let version: UInt64
        let asked: [String]
    }

    /// What GRUB makes of an image: why it would pass over it, and the arguments that it gives to its kernel.
    private struct GrubJudgement {
        let problem: String?
        let arguments: String
    }

    private let disk: ReplayedDisk
    private let places: DiskPlaces
    private let grub: GrubView
    private let mirrors: [Int: (disk: ReplayedDisk, digests: DigestCache)]
    private let keys: FilePath
    private let scratch: String
    private var judgements: [Question: [String]] = [:]
    private var images: [Question: GrubJudgement] = [:]
    private var tables: [Question: [String]] = [:]
    private var environments: [UInt64: BootEnvironmentReading] = [:]

    /// Judges what becomes of the disk of a recording; `keys` is a directory of trusted keys.
    init(of recording: PowerCutRecording, keys: String, scratch: String) async throws {
        self.keys = FilePath(keys)
        self.scratch = scratch
        try await recording.copyBase(to: "\(scratch)/disk.raw")
        disk = try ReplayedDisk(at: "\(scratch)/disk.raw", log: recording.log)
        places = try await recording.places()
        grub = GrubView(disk: disk, places: places, digests: DigestCache())
        var mirrors: [Int: (disk: ReplayedDisk, digests: DigestCache)] = [:]
        for partition in [places.state, places.recovery] {
            let path = "\(scratch)/partition\(partition.number).raw"
            try await recording.copyBase(partition, to: path)
            let mirror = try ReplayedDisk(at: path, log: recording.log, partition: partition)
            mirrors[partition.number] = (mirror, DigestCache())
        }
        self.mirrors = mirrors
    }

    /// Brings the disk to a cut and looks.
    func finding(at cut: PowerCut) async throws -> Finding {
        try disk.bring(to: cut)
        let environment: BootEnvironment
        do {
            let reading = try await bootEnvironment()
            guard reading.problems.isEmpty else {
                return Finding(cut: cut, problems: reading.problems.map { "boot.env: \($0)" }, environment: nil)
            }
            environment = reading.environment
        } catch {
            return Finding(cut: cut, problems: ["boot.env: \(error)"], environment: nil)
        }
        let problems = try await problems(with: environment, at: cut)
        return Finding(cut: cut, problems: problems, environment: environment)
    }

    private func bootEnvironment() async throws -> BootEnvironmentReading {
        let version = disk.version(of: [places.boot.range])
        if let known = environments[version] { return known }
        let reading = try await grub.bootEnvironment()
        environments[version] = reading
        return reading
    }

    private func problems(with environment: BootEnvironment, at cut: PowerCut) async throws -> [String] {
        var problems = try table(with: environment)
        var broken: Set<Role> = []
        for (role, image) in Self.required(environment) {
            guard let problem = try await judgement(of: role, image).problem else { continue }
            broken.insert(role)
            problems.append("\(role.rawValue): \(problem)")
        }
        let attempt = environment.choice { role, image in
            environment.image(of: role) == image && !broken.contains(role)
        }.attempt
        switch attempt?.reason {
        case .default, .next, .pending: break
        case let reason:
            let role = attempt?.role.rawValue ?? "nothing"
            problems.append("GRUB boots \(role), reason \(reason?.rawValue ?? "-")")
        }
        for partition in [places.state, places.recovery] {
            let roles = Self.required(environment).filter { places.store(of: $0.role).number == partition.number }
            // Until an installation is done, its state partition is no data of anybody.
            if roles.isEmpty, environment.pending == .install { continue }
            var commandLines: [String] = []
            for (role, image) in roles { commandLines.append(try await commandLine(of: role, image, attempt)) }
            problems += try await self.problems(of: commandLines, on: partition, at: cut)
        }
        return problems
    }

    /// What is wrong with the partition table.
    private func table(with environment: BootEnvironment) throws -> [String] {
        let needsState = environment.pending != .install
        let question = Question(
            partition: 0, version: disk.version(of: [TableView.range]), asked: needsState ? ["state"] : [])
        if let known = tables[question] { return known }
        let problems = try TableView(disk: disk, places: places).problems(needsState: needsState)
        tables[question] = problems
        return problems
    }

    /// The roles whose images must be whole: every one that has an image, or while something is pending, recovery.
    private static func required(_ environment: BootEnvironment) -> [(role: Role, image: ImageID)] {
        Role.allCases.compactMap { role in
            guard environment.pending == nil || role == .recovery else { return nil }
            return environment.image(of: role).map { (role, $0) }
        }
    }

    private func judgement(of role: Role, _ image: ImageID) async throws -> GrubJudgement {
        let store = places.store(of: role)
        let question = Question(
            partition: store.number, version: disk.version(of: [store.range]), asked: [image.description])
        if let known = images[question] { return known }
        let judgement = GrubJudgement(
            problem: try await grub.problem(of: role, image),
            arguments: (try? await grub.kernelArguments(of: role, image)) ?? "")
        images[question] = judgement
        return judgement
    }

    /// Looks at a filesystem after its journal, and at the images of roles on it as the agent would.
    private func problems(
        of commandLines: [String], on partition: DiskEditor.Partition, at cut: PowerCut
    ) async throws -> [String] {
        guard let (mirror, digests) = mirrors[partition.number] else { return [] }
        let question = Question(
            partition: partition.number, version: disk.version(of: [partition.range]), asked: commandLines)
        if let known = judgements[question] { return known }
        try mirror.bring(to: cut)
        let replay = JournalReplay(mirror: mirror, disk: disk, offset: partition.offset, scratch: scratch)
        let problems = try await replay.run { problems in
            let agent = try await AgentView(of: mirror, digests: digests, keys: keys, in: "\(scratch)/mounted")
            return problems + commandLines.compactMap(agent.problem(of:))
        }
        let said = problems.map { "partition \(partition.number): \($0)" }
        judgements[question] = said
        return said
    }

    /// The command line that GRUB gives to a kernel, without what only concerns the kernel.
    private func commandLine(of role: Role, _ image: ImageID, _ attempt: BootAttempt?) async throws -> String {
        let arguments = try await judgement(of: role, image).arguments
        return "lifeboot.role=\(role.rawValue) lifeboot.image=\(image) lifeboot.boot=LABEL=LB_BOOT"
            + " lifeboot.reason=\(attempt?.reason.rawValue ?? "default") lifeboot.tries=2 \(arguments)"
    }
}
