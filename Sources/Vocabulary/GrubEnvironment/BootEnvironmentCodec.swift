// Turns a boot environment into the 1,024 bytes of `boot.env` and back, replacing what is absurd by what is safe.

import ImageModel

/// Reports one variable that was missing or absurd, and what stands in for it.
package struct EnvironmentProblem: Equatable, Sendable, CustomStringConvertible {
    /// The variable, or `boot.env` when the block itself is damaged.
    package var variable: String
    /// What was found there; nil when it is missing.
    package var found: String?
    /// What is used instead, or what was done about it.
    package var assumed: String

    /// Pairs a finding with what was assumed.
    package init(variable: String, found: String?, assumed: String) {
        self.variable = variable
        self.found = found
        self.assumed = assumed
    }

    /// One line for the console and the report.
    package var description: String {
        "\(variable) is \(found.map { "\"\($0)\"" } ?? "missing"); assumed \(assumed)"
    }
}

/// A boot environment and what had to be assumed to get it.
package typealias BootEnvironmentReading = (environment: BootEnvironment, problems: [EnvironmentProblem])

extension BootEnvironment {
    /// The version of the protocol in `format`.
    package static let format = "1"
    /// The value that stands for "none".
    package static let none = "-"

    /// Reads `boot.env`, replacing each missing or absurd variable by a safe one as `grub.cfg` does.
    ///
    /// - Parameter backup: the bytes of `boot.bak`, from which a role that is absurd takes its image.
    /// - Throws: only when nothing is usable: no signature, or no role names an image.
    package static func read(
        _ bytes: [UInt8], backup: [UInt8]? = nil
    ) throws(EnvironmentBlockError) -> BootEnvironmentReading {
        let examination = EnvironmentBlock.examine(bytes)
        guard let block = examination.block else { throw .unreadable(examination.faults) }
        var reader = BootEnvironmentReader(block, backup: backup.flatMap { EnvironmentBlock.examine($0).block })
        let environment = reader.environment()
        guard reader.namesImage else { throw .noImages() }
        let faults = examination.faults.map {
            EnvironmentProblem(variable: "boot.env", found: $0.description, assumed: "the variables that GRUB can read")
        }
        return (environment, faults + reader.problems)
    }

    /// The variables in the order they are written.
    package var block: EnvironmentBlock {
        EnvironmentBlock(EnvironmentVariable.allCases.map { .init($0.rawValue, text(of: $0)) })
    }

    /// Writes the 1,024 bytes of `boot.env`; the variables always fit in the first sector.
    package func serialized() -> [UInt8] {
        EnvironmentBlock.padded(block.unpadded(), to: EnvironmentBlock.size)
    }

    /// The text of one variable.
    package func text(of variable: EnvironmentVariable) -> String {
        switch variable {
        case .format: Self.format
        case .active: active?.description ?? Self.none
        case .passive: passive?.description ?? Self.none
        case .recovery: recovery?.description ?? Self.none
        case .activeTries: String(activeTries)
        case .passiveTries: String(passiveTries)
        case .recoveryTries: String(recoveryTries)
        case .activeState: activeState.rawValue
        case .passiveState: passiveState.rawValue
        case .defaultRole: defaultRole.rawValue
        case .next: next?.rawValue ?? Self.none
        case .pending: pending?.rawValue ?? Self.none
        case .wipe: (pending == .reset ? wipe?.rawValue : nil) ?? Self.none
        }
    }
}

/// Reads the variables one by one and notes what it had to assume.
struct BootEnvironmentReader {
    private let block: EnvironmentBlock
    private let backup: EnvironmentBlock?
    /// What was missing, absurd or unknown.
    private(set) var problems: [EnvironmentProblem] = []
    /// Whether the block itself names an image, for a role of any kind.
    private(set) var namesImage = false

    /// Prepares to read a block.
    init(_ block: EnvironmentBlock, backup: EnvironmentBlock?) {
        self.block = block
        self.backup = backup
    }

    /// Reads every variable.
    mutating func environment() -> BootEnvironment {
        _ = value(.format, else: BootEnvironment.format) { $0 == BootEnvironment.format ? $0 : nil }
        var result = BootEnvironment()
        for role in Role.allCases { result.setImage(image(.image(of: role)), of: role) }
        for role in Role.allCases { result.setTries(tries(.tries(of: role)), of: role) }
        result.activeState = value(.activeState, else: .trial) { ImageState(rawValue: $0) }
        result.passiveState = value(.passiveState, else: .good) { ImageState(rawValue: $0) }
        result.defaultRole = value(.defaultRole, else: .active) { Role(rawValue: $0) }
        result.next = optional(.next) { Role(rawValue: $0) }
        result.pending = optional(.pending) { PendingOperation(rawValue: $0) }
        result.wipe = wipe(pending: result.pending)
        noteUnknown()
        return result
    }

    /// Reads the image of a role; an absurd one is the backup's.
    private mutating func image(_ variable: EnvironmentVariable) -> ImageID? {
        if let text = block[variable] {
            if text == BootEnvironment.none { return nil }
            if let image = ImageID(text) {
                namesImage = true
                return image
            }
        }
        let image = backup?[variable].flatMap { ImageID($0) }
        note(variable, image.map { "\($0) from boot.bak" } ?? BootEnvironment.none)
        return image
    }

    /// Reads a counter; an absurd one counts as full, so that the image is still tried.
    private mutating func tries(_ variable: EnvironmentVariable) -> Int {
        value(variable, else: BootEnvironment.maximumTries) { text in
            guard text.utf8.count == 1, let tries = Int(text) else { return nil }
            return tries
        }
    }

    /// Reads a variable that may be `-`.
    private mutating func optional<Value>(
        _ variable: EnvironmentVariable, _ parse: (String) -> Value?
    ) -> Value? {
        if let text = block[variable] {
            if text == BootEnvironment.none { return nil }
            if let value = parse(text) { return value }
        }
        note(variable, BootEnvironment.none)
        return nil
    }

    /// Reads what a pending reset formats; a block of before there was such a variable formats nothing.
    private mutating func wipe(pending: PendingOperation?) -> WipeScope? {
        guard block[.wipe] != nil else { return nil }
        let scope = optional(.wipe) { WipeScope(rawValue: $0) }
        return pending == .reset ? scope : nil
    }

    /// Reads a variable that must have a value.
    private mutating func value<Value>(
        _ variable: EnvironmentVariable, else assumed: Value, _ parse: (String) -> Value?
    ) -> Value {
        if let text = block[variable], let value = parse(text) { return value }
        note(variable, "\(assumed)")
        return assumed
    }

    /// Notes what was found and assumed.
    private mutating func note(_ variable: EnvironmentVariable, _ assumed: String) {
        problems.append(.init(variable: variable.rawValue, found: block[variable], assumed: assumed))
    }

    /// Notes variables that this version does not know; they go when the block is next written.
    private mutating func noteUnknown() {
        for variable in block.variables where EnvironmentVariable(rawValue: variable.name) == nil {
            problems.append(.init(variable: variable.name, found: variable.value, assumed: "nothing: it is unknown"))
        }
    }
}
