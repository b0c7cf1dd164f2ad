import BootModel
import BootPlanning
import Faults
import Plans
import Testing

@Suite("Root plan")
struct RootPlanTests {
    static let complete = [
        "lifeboot.role=active", "lifeboot.image=0123456789abcdef", "lifeboot.boot=PARTUUID=aa",
    ]

    static func plan(_ words: [String], isSealed: Bool = false) throws -> BootPlan {
        let parameters = BootParameters(KernelCommandLine(parsing: words.joined(separator: " ")))
        return try .root(RootFacts(parameters: parameters, isSealed: isSealed))
    }

    @Test(
        "a sealed system takes no word that weakens it, and boots none but a signed image",
        arguments: ["lifeboot.verity=off", "lifeboot.debug-rw", "lifeboot.disable", "cos-img/filename=/x"])
    func sealed(word: String) throws {
        #expect(throws: PlanningError.self) { try Self.plan(Self.complete + [word], isSealed: true) }
        #expect(throws: PlanningError.self) { try Self.plan([word, "lifeboot.verity=off"], isSealed: true) }
    }

    @Test("a sealed system compares the command line with the manifest, before anything of the image is attached")
    func arguments() throws {
        let kinds = try Self.plan(Self.complete, isSealed: true).steps.map(\.action.kind)
        let order: [BootStepKind] = [.verifyManifest, .checkArguments, .attachImage]
        #expect(kinds.filter { order.contains($0) } == order)
        #expect(try !Self.plan(Self.complete).steps.map(\.action.kind).contains(.checkArguments))
    }

    @Test("a command line without role, image or disk is refused, naming the parameter", arguments: 0..<3)
    func refusesIncomplete(missing: Int) {
        var words = Self.complete
        let word = words.remove(at: missing)
        let name = String(word.split(separator: "=")[0])
        let error = #expect(throws: PlanningError.self) { try Self.plan(words) }
        #expect(error?.description.contains(name) == true)
    }

    @Test("the signature is checked before anything of the image is attached")
    func verifiesFirst() throws {
        let kinds = try Self.plan(Self.complete).steps.map(\.action.kind)
        let order: [BootStepKind] = [.verifyManifest, .attachImage, .activateVerity, .mountRoot]
        #expect(kinds.filter { order.contains($0) } == order)
    }

    @Test("everything on the way to the root is required")
    func requires() throws {
        let optional = try Self.plan(Self.complete).steps.filter { $0.requirement != .required }.map(\.action.kind)
        #expect(optional == [.armWatchdog, .checkBootEnvironment, .mountOEM])
    }

    @Test("a cOS image is refused until verity is switched off in so many words")
    func refusesLegacy() throws {
        let words = ["root=LABEL=COS_STATE", "cos-img/filename=/cOS/active.img"]
        #expect(throws: PlanningError.self) { try Self.plan(words) }
        #expect(try Self.plan(words + ["lifeboot.verity=off"]).steps.contains { $0.action.kind == .mountRoot })
    }
}
