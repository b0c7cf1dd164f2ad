import GrubEnvironment
import ImageModel
import JSONText

/// What `lifeboot status --json` says, in the words of the tests.
struct LifebootStatus: Sendable {
    let json: JSONValue

    /// The role that runs.
    var role: String? { json["running"]?["role"]?.text }
    /// Why GRUB chose it.
    var reason: String? { json["running"]?["reason"]?.text }
    /// Everything that is not as it should be.
    var problems: [String] { (json["problems"]?.elements ?? []).compactMap(\.text) }

    /// What is known of one role.
    func of(_ role: Role) -> JSONValue? {
        json["roles"]?.elements?.first { $0["role"]?.text == role.rawValue }
    }

    /// The failed step of a role and its cause, in one text.
    func diagnosis(of role: Role) -> String {
        let diagnosis = of(role)?["diagnosis"]
        return "\(diagnosis?["step"]?.text ?? "-"): \(diagnosis?["cause"]?.text ?? "-")"
    }

    /// The outcomes of the boots on record, oldest first, as `role outcome`.
    var boots: [String] {
        (json["boots"]?.elements ?? []).map { "\($0["role"]?.text ?? "-") \($0["outcome"]?.text ?? "-")" }
    }
}

extension Guest {
    /// Asks the agent in the guest.
    func status() async throws -> LifebootStatus {
        LifebootStatus(json: try await json(of: "lifeboot status --json"))
    }

    /// How often the kernel was started in a role since the machine was switched on.
    func starts(of role: Role) -> Int {
        console.count(of: "] Command line: ") == 0
            ? 0
            : console.text.split(separator: "\n").count { line in
                line.contains("] Command line: ") && line.contains("lifeboot.role=\(role.rawValue)")
            }
    }
}

extension DiskEditor {
    /// Leaves so many attempts to the roles, so that a scenario needs no more failing boots than it is about.
    func setTries(_ tries: Int, of roles: Role...) async throws {
        try await changeBootEnvironment { environment in
            for role in roles { environment.setTries(tries, of: role) }
        }
    }

    /// Names a file of the image that has a role.
    func imageFile(_ name: String, of role: Role) async throws -> (file: String, partition: String) {
        let (partition, path) = try await imageDirectory(of: role)
        return ("\(path)/\(name)", partition)
    }

    /// Removes a file of an image.
    func removeImageFile(_ name: String, of role: Role) async throws {
        let (file, partition) = try await imageFile(name, of: role)
        try await removeFile(file, on: partition)
    }

    /// Rewrites a file of an image.
    func changeImageFile(_ name: String, of role: Role, _ change: ([UInt8]) -> [UInt8]) async throws {
        let (file, partition) = try await imageFile(name, of: role)
        try await setFile(file, on: partition, to: change(try await self.file(file, on: partition)))
    }
}
