import ImageModel
import Testing

@testable import OverlayPlanning

/// Makes facts of a few words each.
enum OverlayFixture {
    static let images: [OverlayHierarchy: HierarchyFacts] = [
        .usr: HierarchyFacts(), .opt: HierarchyFacts(isWritable: true), .etc: HierarchyFacts(isWritable: true),
    ]

    static func host(
        _ release: String = "ID=debian\nVERSION_ID=12", board: String? = nil, role: Role = .active,
        isSealed: Bool = false
    ) throws -> OverlayHost {
        OverlayHost(
            osRelease: try ReleaseText(parsing: Array(release.utf8)), architecture: "x86-64", board: board, role: role,
            isSealed: isSealed)
    }

    static func source(_ path: String, _ folder: OverlayFolder = .oem) throws -> OverlaySource {
        let isFolder = OverlayForm.allCases.allSatisfy { $0 == .folder || !path.hasSuffix($0.rawValue) }
        return OverlaySource(folder, try #require(OverlayFile(path, isFolder: isFolder)))
    }

    static func overlay(
        _ path: String, in folder: OverlayFolder = .oem, protection: OverlayProtection = .none,
        _ tree: OverlayTree = OverlayTree([.usr])
    ) throws -> OverlayCandidate {
        OverlayCandidate(try source(path, folder), protection: protection, .tree(tree))
    }

    static func release(_ name: String, _ text: String, kind: ExtensionKind = .sysext) -> ExtensionReleaseFile {
        ExtensionReleaseFile(kind, name: name, bytes: Array(text.utf8))
    }

    static func name(_ text: String) throws -> OverlayName { try #require(OverlayName(text)) }

    static func policy(
        _ name: String, _ folder: OverlayFolder = .oem, isSigned: Bool = false, required: Bool = true,
        roles: [Role] = OverlayPolicy.standardRoles, boards: [String]? = nil
    ) throws -> OverlayPolicyFile {
        var policy = OverlayPolicy()
        (policy.isRequired, policy.roles, policy.boards) = (required, roles, boards)
        return OverlayPolicyFile(folder, try Self.name(name), isSigned: isSigned, .policy(policy))
    }

    static func decide(
        _ candidates: [OverlayCandidate], policies: [OverlayPolicyFile] = [], _ host: OverlayHost? = nil,
        hierarchies: [OverlayHierarchy: HierarchyFacts] = images, limits: OverlayLimits = OverlayLimits()
    ) throws -> OverlayDecision {
        OverlayDecision(
            OverlayFacts(
                candidates: candidates, policies: policies, host: try host ?? Self.host(), hierarchies: hierarchies,
                limits: limits))
    }
}

extension OverlayDecision {
    /// The verdict of the first entry.
    var first: OverlayVerdict? { entries.first?.verdict }

    /// Names of the layers of a hierarchy from the bottom up, those of a merged one joined by '+'.
    func layers(_ hierarchy: OverlayHierarchy) -> [String] {
        stacks.first { $0.hierarchy == hierarchy }?.layers.map {
            $0.sources.map(\.name.description).joined(separator: "+")
        } ?? []
    }
}
