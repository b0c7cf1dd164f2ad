import GrubEnvironment
import ImageModel
package import JSONText
import Plans

extension BootReport {
    /// The version of the report's form; a reader refuses another one.
    package static let format: Int64 = 1

    /// The report as `/run/lifeboot/boot.json` carries it (docs/boot-protocol.md).
    package var json: JSONValue {
        .object([
            "format": .integer(Self.format),
            "role": text(parameters.role?.rawValue),
            "image": text(parameters.image?.description),
            "imageName": text(imageName),
            "reason": text(parameters.reason?.rawValue),
            "triesLeft": parameters.triesLeft.map { .integer(Int64($0)) } ?? .null,
            "problems": .array(parameters.problems.map { .string($0) }),
            "failure": failure?.json ?? .null,
            "startedMicroseconds": .integer(started),
            "durationMicroseconds": .integer(duration),
            "steps": .array(steps.map(\.json)),
        ])
    }
}

extension BootFailure {
    /// The failure as a member of the report.
    package var json: JSONValue {
        ["phase": .string(phase.rawValue), "step": .string(step), "subject": .string(subject), "cause": .string(cause)]
    }
}

extension BootReport.Entry {
    /// The step as an element of the report.
    package var json: JSONValue {
        let phase = JSONObject.Member("phase", .string(phase.rawValue))
        return .object(JSONObject([phase] + step.json.members))
    }
}

private func text(_ string: String?) -> JSONValue {
    string.map { .string($0) } ?? .null
}
