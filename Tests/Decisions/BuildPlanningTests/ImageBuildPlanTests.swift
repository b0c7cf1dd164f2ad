import DocumentTree
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@testable import BuildPlanning

@Suite("The builds of an image")
struct ImageBuildPlanTests {
    private static let place = SpecPlace("derivative.yaml", .init(line: 2, column: 7))

    private static func derivative(steps: [String] = [], finalize: [String] = []) throws -> DerivativeSpec {
        var derivative = DerivativeSpec(place: place)
        (derivative.name, derivative.version) = ("Har_bour", "1.0")
        derivative.packages = [Located(try PackageRequest(parsing: "app/tide"), at: place)]
        derivative.steps = steps.map { Located($0, at: place) }
        derivative.finalize = finalize.map { Located($0, at: place) }
        derivative.hasNetwork = true
        derivative.unreproducible = ["/var/lib/seed"]
        return derivative
    }

    private static func plan(_ derivative: DerivativeSpec, finalize: [String] = []) throws -> ImageBuildPlan {
        var tide = PackageMetadata(
            try PackageName(parsing: "app/tide"), try PackageVersion(parsing: "1"), architecture: "amd64")
        tide.finalize = finalize
        return try ImageBuildPlan(
            derivative, on: Located(try SourceReference(parsing: "oci:image:one"), at: place), packages: [tide],
            in: .init(staging: "/stage", build: "/build"), architecture: "amd64")
    }

    @Test("lie on each other: files, steps, what is done last; a layer without steps needs one container")
    func order() throws {
        let plan = try Self.plan(Self.derivative(steps: ["one"]))
        #expect(
            plan.builds.map { "\($0.name)" } == [
                "image/har-bour.files", "image/har-bour.steps", "image/har-bour.finalize",
            ])
        func requests(_ package: PackageSpec) -> [String] {
            guard case .layers(_, let packages)? = package.build?.base else { return [] }
            return packages.map { "\($0.value)" }
        }
        #expect(
            plan.builds.map(requests) == [
                ["app/tide"], ["app/tide", "image/har-bour.files"],
                ["app/tide", "image/har-bour.files", "image/har-bour.steps"],
            ])
        #expect(plan.files.artefact?.source == .files("tree") && plan.files.folder == "/stage")
        #expect(plan.steps?.folder == "/build" && plan.steps?.build?.steps.map(\.value) == ["one"])
        #expect(try Self.plan(Self.derivative()).builds.count == 2)
        // The graph takes them beside the layer's own.
        var tide = PackageSpec(
            try PackageName(parsing: "app/tide"), try PackageVersion(parsing: "1"), architecture: "amd64", folder: "x",
            place: Self.place)
        tide.artefact = ArtefactSpec(.files("tree"))
        let graph = LayerGraph([tide] + plan.builds)
        #expect(try graph.schedule(for: [plan.finalize]).order.count == 4)
    }

    @Test("may change everything, and only steps reach a network; the last one keeps what no package carries")
    func freedom() throws {
        let plan = try Self.plan(Self.derivative(steps: ["one"]))
        let steps = try #require(plan.steps)
        #expect(steps.build?.hasNetwork == true && plan.finalize.build?.hasNetwork == false)
        for package in [steps, plan.finalize] {
            #expect(
                package.artefact?.overrides.map(\.value) == ["/**"] && package.artefact?.exclude == ["/var/lib/seed"])
            #expect(package.artefact?.removes.map(\.value) == ["/**"])
        }
        #expect(plan.finalize.artefact?.carriesRemade == true && steps.artefact?.carriesRemade == false)
    }

    @Test("do last what packages say and then what the file says, and make an initramfs unless one of them does")
    func last() throws {
        func commands(_ own: [String], _ packages: [String] = ["of a package"]) throws -> [String] {
            try Self.plan(Self.derivative(finalize: own), finalize: packages).finalize.build?.steps.map(\.value) ?? []
        }
        let all = try commands(["of the file"])
        #expect(all.count == 5 && all.allSatisfy { $0.hasPrefix("KERNEL=") })
        #expect(all[0].contains("IMAGE_ID=\"Har_bour\"") && all[0].contains("IMAGE_VERSION=\"1.0\""))
        #expect(all[1].contains("ldconfig"))
        #expect(all[2].hasSuffix("\nof a package") && all[3].hasSuffix("\nof the file"))
        #expect(all[4].contains("dracut"))
        #expect(try commands(["update-initramfs -u"]).count == 4)
        #expect(try commands([], ["dracut -f"]).count == 3)
    }

    @Test("are made twice where they reach no network")
    func repeated() throws {
        var derivative = try Self.derivative(steps: ["one"])
        #expect(try Self.plan(derivative).repeated.map { "\($0.name)" } == ["image/har-bour.finalize"])
        derivative.hasNetwork = false
        #expect(
            try Self.plan(derivative).repeated.map { "\($0.name)" } == [
                "image/har-bour.steps", "image/har-bour.finalize",
            ])
        derivative.steps = []
        #expect(try Self.plan(derivative).repeated.count == 1)
    }

    @Test("have a name for each step: commands their own first line, cut when it is long")
    func names() throws {
        let long = String(repeating: "x", count: 101)
        let plan = try Self.plan(Self.derivative(steps: ["one\ntwo"], finalize: [long]), finalize: ["of a package"])
        let steps = try #require(plan.steps)
        #expect(plan.name(ofStep: 0, of: steps) == "'one'" && plan.name(ofStep: 1, of: steps) == nil)
        let count = plan.finalize.build?.steps.count ?? 0
        let names = (0..<count).map { plan.name(ofStep: $0, of: plan.finalize) }
        #expect(names.count == 5 && plan.name(ofStep: 5, of: plan.finalize) == nil)
        #expect(names[0] == "what writes os-release" && names[1] == "what makes caches of libraries, modules and types")
        #expect(names[2] == "'of a package'" && names[3] == "'\(long.dropLast())…'")
        #expect(names[4] == "what makes the initramfs")
        #expect(plan.name(ofStep: 0, of: plan.files) == nil)
    }
}
