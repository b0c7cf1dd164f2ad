import Faults
import Foundation
import LayerFolders
import PackageSpecs
import SystemPackage
import Testing

@Suite("A layer to begin with")
struct LayerTemplateTests {
    private static let repository = "oci://registry.example/foundation/packages"

    private static func template(_ name: String = "pier", below: String = repository) throws -> LayerTemplate {
        try LayerTemplate(name: name, below: below)
    }

    @Test("reads without a remark, also in an architecture of its own", arguments: ["amd64", "arm64"])
    func reading(_ architecture: String) throws {
        let fixture = try LayerFixture(["boatyard.yaml": ""])
        try fixture.remove("boatyard.yaml")
        try fixture.folder.fill(with: try Self.template())
        let reading = try fixture.read { $0.architecture = architecture }
        #expect(reading.faults == [] && reading.notes == [])
        let specs = try reading.specs()
        #expect(specs.layer.name == "pier")
        #expect(specs.layer.layers.map { "\($0.name) \($0.repository)" } == ["foundation \(Self.repository)"])
        #expect(specs.packages.map { "\($0.name) \($0.version)" } == ["app/hello 0.1.0"])
        let derivative = try #require(specs.derivative)
        #expect(derivative.name == "pier")
        #expect(derivative.packages.map { "\($0.value)" } == ["system/foundation", "app/hello"])
    }

    @Test("takes the repository that it is given, a folder, too")
    func below() throws {
        let fixture = try LayerFixture(["boatyard.yaml": ""])
        try fixture.remove("boatyard.yaml")
        try fixture.folder.fill(with: try Self.template(below: "oci:../foundation.packages"))
        #expect(try fixture.read().specs().layer.layers.map { "\($0.repository)" } == ["oci:../foundation.packages"])
    }

    @Test("has what its files name, and checks that can be run")
    func files() throws {
        let files = try Self.template().files
        #expect(files.filter(\.isExecutable).map(\.path) == ["health/required/50-hello"])
        for file in files.filter(\.isExecutable) { #expect(file.text.hasPrefix("#!/bin/sh\n")) }
        #expect(files.allSatisfy { $0.text.hasSuffix("\n") && !$0.text.hasSuffix("\n\n") })
        #expect(files.map(\.path).contains("oem/10_pier.yaml"))
        #expect(files.last?.path == "boatyard.yaml", "what is cut short is no layer")
        let fixture = try LayerFixture(["boatyard.yaml": ""])
        try fixture.remove("boatyard.yaml")
        try fixture.folder.fill(with: try Self.template())
        for file in files {
            let path = fixture.path.pushing(file.path).string
            #expect(FileManager.default.isExecutableFile(atPath: path) == file.isExecutable, "\(path)")
        }
    }

    @Test("goes into no folder in which something is, and changes nothing there")
    func occupied() throws {
        let fixture = try LayerFixture(["notes.txt": "mine"])
        let error = #expect(throws: SpecError.self) { try fixture.folder.fill(with: try Self.template()) }
        #expect(error?.cause == "the folder is not empty")
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path.string)
        #expect(names.sorted() == ["boatyard.yaml", "notes.txt"])
    }

    @Test(
        "has no name that files of layers refuse",
        arguments: ["", ".", "a b", "a/b", "ä", String(repeating: "a", count: 65)])
    func names(_ name: String) {
        let error = #expect(throws: SpecError.self) { try Self.template(name) }
        #expect(error?.remedy == "Give one with --name.")
    }
}
