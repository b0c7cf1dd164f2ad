import BootHealth
import BootModel
import GrubEnvironment
import ImageModel
import InstalledSystem
package import JSONText
import TransactionPlanning

extension MachineStatus {
    /// The version of the form; it grows when a member changes its meaning or goes.
    package static let format: Int64 = 1

    /// The status for programs (docs/operating.md).
    package var json: JSONValue {
        [
            "format": .integer(Self.format),
            "time": .integer(facts.now),
            "running": running,
            "bootEnvironment": environment,
            "nextBoot": nextBoot,
            "roles": .array(roles.map(\.json)),
            "unusedImages": .array(unused.map { ["image": .string($0.id.description), "title": text($0.title)] }),
            "recoveryUpgrade": recoveryUpgrade,
            "unattended": facts.updates?.json ?? .null,
            "boots": .array(facts.boots.reversed().map(\.json)),
            "operations": .array(facts.operations.reversed().map(\.json)),
            "problems": .array(problems.map { .string($0) }),
            "advice": .array(advice.map { .string($0) }),
        ]
    }

    private var running: JSONValue {
        let parameters = facts.parameters
        return [
            "role": text(parameters.role?.rawValue), "image": text(parameters.image?.description),
            "title": text(facts.report?["imageName"]?.text), "reason": text(parameters.reason?.rawValue),
            "triesLeft": parameters.triesLeft.map { .integer(Int64($0)) } ?? .null, "bootID": .string(facts.bootID),
            "healthy": .bool(facts.isHealthy), "verdict": text(facts.health?.verdict.rawValue),
            "grubSaving": facts.saving.json,
        ]
    }

    private var environment: JSONValue {
        let state =
            switch facts.environment {
            case .readable(_, let problems): problems.isEmpty ? "sound" : "flawed"
            case .unusable: "unusable"
            case .unreadable: "unreadable"
            }
        var variables = JSONObject()
        for variable in EnvironmentVariable.allCases {
            variables[variable.rawValue] = facts.environment.environment.map { .string($0.text(of: variable)) } ?? .null
        }
        return [
            "state": .string(state), "variables": .object(variables),
            "problems": .array(facts.environment.problems.map { .string($0) }),
        ]
    }

    /// What is to become of recovery, in one word; null when nobody knows the roles.
    private var recoveryUpgrade: JSONValue {
        switch facts.recoveryFollowing {
        case nil: .null
        case .settled: "settled"
        case .waiting: "waiting"
        case .due: "due"
        case .kept: "kept"
        case .unknown: "unknown"
        }
    }

    private var nextBoot: JSONValue {
        guard let next = facts.nextBoot else { return .null }
        return [
            "role": .string(next.role.rawValue), "image": .string(next.image.description),
            "reason": .string(next.reason.rawValue),
        ]
    }
}

extension MachineStatus.RoleStatus {
    /// The role as an element of the status.
    fileprivate var json: JSONValue {
        [
            "role": .string(role.rawValue), "image": text(image?.description), "title": text(title),
            "state": text(state?.rawValue), "tries": .integer(Int64(tries)), "running": .bool(isRunning),
            "complete": isComplete.map { .bool($0) } ?? .null, "diagnosis": diagnosis?.json ?? .null,
        ]
    }
}

extension ImageDiagnosis {
    /// The diagnosis as a member of a role.
    fileprivate var json: JSONValue {
        ["step": text(step), "cause": .string(cause), "time": time.map { .integer($0) } ?? .null]
    }
}

private func text(_ string: String?) -> JSONValue { string.map { .string($0) } ?? .null }
