import Foundation
import GrubEnvironment
import ImageModel
import ReleaseModel
import SystemPackage
import Testing
import TransactionPlanning

extension ImageID {
    /// Sixteen times one digit.
    static func fake(_ digit: Character) throws -> ImageID {
        try #require(ImageID(String(repeating: digit, count: 16)))
    }
}

extension StoreFacts.Image {
    /// A whole image of 300 MB; `1` is version 1.0 with sequence 1 and so on.
    static func fake(_ digit: Character, isWhole: Bool = true) throws -> StoreFacts.Image {
        StoreFacts.Image(
            try .fake(digit), bytes: 300_000_000, version: "\(digit).0", sequence: Int64(digit.hexDigitValue ?? 0),
            source: Digest(hex: String(repeating: digit, count: 64)), isWhole: isWhole)
    }
}

extension ImageCandidate {
    /// The image `digit` from a registry.
    static func fake(_ digit: Character, kind: Kind = .artifact) throws -> ImageCandidate {
        let digest = try #require(Digest(hex: String(repeating: digit, count: 64)))
        return ImageCandidate(
            reference: "oci://registry.example/os:\(digit)", digest: digest, kind: kind,
            id: kind == .artifact ? try .fake(digit) : nil, name: "demo", version: "\(digit).0",
            sequence: Int64(digit.hexDigitValue ?? 0), architecture: "amd64", trust: .signed("vendor.pem"),
            bytes: 300_000_000, workspace: kind == .artifact ? 0 : 200_000_000)
    }
}

extension UpgradeFacts {
    /// Active 2 and passive 1, both good, recovery 1; 3 comes, there is room, active runs.
    static func fake(_ change: (inout UpgradeFacts) throws -> Void = { _ in }) throws -> UpgradeFacts {
        var facts = UpgradeFacts(
            runningRole: .active, runningImage: try .fake("2"),
            environment: BootEnvironment(
                active: try .fake("2"), passive: try .fake("1"), recovery: try .fake("1"), activeState: .good),
            state: StoreFacts(images: [try .fake("1"), try .fake("2")], free: 2_000_000_000),
            recovery: StoreFacts(images: [try .fake("1")], free: 1_000_000_000),
            machine: MachineTraits(architecture: "amd64", board: "blue", agent: AgentVersion(0, 1, 0)),
            candidate: try .fake("3"))
        try change(&facts)
        return facts
    }
}

/// Compares a plan with the file that keeps it, so that a review sees a change of behaviour.
enum Golden {
    /// Set this variable to write the golden files anew: `LIFEBOOT_UPDATE_GOLDEN=1 swift test --filter Golden`.
    static let update = ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] != nil

    static func check(_ lines: [String], _ name: String) throws {
        let text = lines.joined(separator: "\n") + "\n"
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/\(name).plan")
        if update { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name) differs")
    }
}
