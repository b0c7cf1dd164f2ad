package import GrubEnvironment
package import ImageModel
package import JSONText

/// One entry of the boot history: what became of one boot.
package struct BootRecord: Equatable, Sendable {
    /// How the boot ended, as far as is known.
    package enum Outcome: String, Sendable {
        /// The initramfs stage failed.
        case failed
        /// The system was entered; not yet declared healthy.
        case booted
        /// Declared healthy.
        case healthy
        /// A required health check failed.
        case unhealthy
    }

    /// The kernel's boot id (`/proc/sys/kernel/random/boot_id`).
    package var bootID: String
    /// Seconds since 1970 by the machine's clock, which may be wrong.
    package var time: Int64
    /// The role that ran.
    package var role: Role?
    /// The image that ran.
    package var image: ImageID?
    /// Why GRUB chose it, as far as is known.
    package var reason: BootReason?
    /// Attempts left; nil when not counted.
    package var triesLeft: Int?
    /// How it ended.
    package var outcome: Outcome
    /// The step or check that failed.
    package var step: String?
    /// Why it failed.
    package var cause: String?

    /// Makes a record of a boot with these parameters.
    package init(_ parameters: BootParameters, bootID: String, time: Int64, outcome: Outcome) {
        self.bootID = bootID
        self.time = time
        role = parameters.role
        image = parameters.image
        reason = parameters.reason
        triesLeft = parameters.triesLeft
        self.outcome = outcome
    }
}

extension BootRecord {
    /// The record as JSON.
    package var json: JSONValue {
        var object = JSONObject([])
        object["boot"] = .string(bootID)
        object["time"] = .integer(time)
        object["role"] = role.map { .string($0.rawValue) }
        object["image"] = image.map { .string($0.description) }
        object["reason"] = reason.map { .string($0.rawValue) }
        object["tries"] = triesLeft.map { .integer(Int64($0)) }
        object["outcome"] = .string(outcome.rawValue)
        object["step"] = step.map { .string($0) }
        object["cause"] = cause.map { .string($0) }
        return .object(object)
    }

    /// Reads a record; nil when it has no boot id, time or known outcome.
    package init?(json: JSONValue) {
        guard let bootID = json["boot"]?.text, let time = json["time"]?.integer,
            let outcome = json["outcome"]?.text.flatMap(Outcome.init(rawValue:))
        else { return nil }
        var parameters = BootParameters()
        parameters.role = json["role"]?.text.flatMap(Role.init(rawValue:))
        parameters.image = json["image"]?.text.flatMap { ImageID($0) }
        parameters.reason = json["reason"]?.text.flatMap(BootReason.init(rawValue:))
        parameters.triesLeft = json["tries"]?.integer.flatMap { Int(exactly: $0) }
        self.init(parameters, bootID: bootID, time: time, outcome: outcome)
        step = json["step"]?.text
        cause = json["cause"]?.text
    }
}
