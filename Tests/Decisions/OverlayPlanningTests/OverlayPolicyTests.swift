import DocumentTree
import ImageModel
import Testing
import YAMLDocuments

@testable import OverlayPlanning

@Suite("Policies of overlays")
struct OverlayPolicyTests {
    private static func document(_ text: String) throws -> DocumentNode {
        try #require(try YAMLDocument.parse(Array(text.utf8)))
    }

    private static func host(_ role: Role = .active, board: String? = nil, _ release: String = "") throws -> OverlayHost
    {
        OverlayHost(
            osRelease: try ReleaseText(parsing: Array(release.utf8)), architecture: "x86-64", board: board, role: role)
    }

    @Test("nothing said: not required, on every board and system, not in recovery")
    func standard() throws {
        let policy = try OverlayPolicy(Self.document("match:\n"))
        #expect(policy == OverlayPolicy())
        #expect(!policy.isRequired)
        #expect(try policy.mismatch(Self.host(.passive)) == nil)
        #expect(
            try policy.mismatch(Self.host(.recovery)) == "it is for the role active or passive, and this is recovery")
    }

    @Test("every key is read; one value needs no brackets")
    func keys() throws {
        let policy = try OverlayPolicy(
            Self.document(
                """
                required: true
                match:
                  os-release: {ID: debian, VERSION_ID: [12, "13"]}
                  board: [apu2, apu4]
                  role: recovery
                """))
        #expect(policy.isRequired)
        #expect(policy.osRelease == ["ID": ["debian"], "VERSION_ID": ["12", "13"]])
        #expect(policy.boards == ["apu2", "apu4"])
        #expect(policy.roles == [.recovery])
        #expect(try OverlayPolicy(Self.document("match: {board: apu2}")).boards == ["apu2"])
    }

    @Test(
        "what is wrong is refused with its place",
        arguments: [
            ("requird: true", "line 1, column 1: unknown key 'requird' (did you mean 'required'?)"),
            ("required: yes", "line 1, column 11: required must be true or false, not 'yes'"),
            ("match: {roles: active}", "unknown key 'roles' (did you mean 'role'?)"),
            ("match:\n  role: [activ]", "line 2, column 10: a role must be active or passive or recovery"),
            ("match: {role: []}", "line 1, column 15: role must name a role at least"),
            ("match: {board: }", "board must name a board at least"),
            ("match: {board: {a: b}}", "board must be a list"),
            ("match: {os-release: {version: 1}}", "'version' must be a field of os-release(5), such as VERSION_ID"),
            ("match: {os-release: {ID: []}}", "ID must name a value at least"),
            ("match: {os-release: ID}", "os-release must be a mapping"),
            ("[]", "the policy of an overlay must be a mapping"),
        ])
    func wrong(text: String, message: String) throws {
        let document = try Self.document(text)
        let error = #expect(throws: DocumentError.self) { try OverlayPolicy(document) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        "that an overlay is required counts whatever else is wrong",
        arguments: [
            ("required: true\nmatsch: {}", true), ("match: {role: x}\nrequired: true", true),
            ("required: false\nx: 1", false),
            ("required: yes", false), ("match: {required: true}", false), ("[required, true]", false), ("true", false),
        ])
    func saysRequired(text: String, required: Bool) throws {
        #expect(try OverlayPolicy.saysRequired(Self.document(text)) == required)
    }

    @Test(
        "all rules must hold, and the first that does not is told with both values",
        arguments: [
            ("board: [apu2, apu4]", "apu4", nil),
            ("board: [apu2, apu4]", "rpi", "it is for the board apu2 or apu4, and this one is rpi"),
            ("board: apu2", nil, "it is for the board apu2, and nobody knows what this one is"),
            ("os-release: {ID: debian, VERSION_ID: [11, 12]}", nil, nil),
            ("os-release: {VERSION_ID: [11, 13]}", nil, "it is for VERSION_ID 11 or 13, and this system has 12"),
            ("os-release: {ID: debian, VARIANT_ID: edge}", nil, "it is for VARIANT_ID edge, and this system has none"),
            ("role: [recovery, passive]", nil, "it is for the role recovery or passive, and this is active"),
        ] as [(String, String?, String?)])
    func mismatches(match: String, board: String?, reason: String?) throws {
        let policy = try OverlayPolicy(Self.document("match:\n  \(match)"))
        #expect(try policy.mismatch(Self.host(board: board, "ID=debian\nVERSION_ID=12")) == reason)
    }

    @Test("the table tells every key, for schema and documentation")
    func table() {
        #expect(OverlayPolicy.table.entries.map(\.name) == ["required", "match"])
        guard case .table(let match) = OverlayPolicy.table.entries[1].shape else { return #expect(Bool(false)) }
        #expect(match.map(\.name) == ["os-release", "board", "role"])
    }
}
