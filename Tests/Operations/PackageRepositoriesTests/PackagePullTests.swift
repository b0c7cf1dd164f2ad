import Faults
import Foundation
import ImageModel
import PackageModel
import PackageSolving
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct PackagePullTests {
    static func repository(_ fixture: PackageFixture) throws -> (MemoryRegistry, RepositoryReader.Opened) {
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        try fixture.publish(
            [
                fixture.package("app/tide", "1.0"), fixture.package("app/tide", "1.1"), fixture.package("app/ebb", "1"),
                fixture.package("app/tide", "1.1", architecture: "arm64"),
            ], to: &target)
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        return (registry, opened)
    }

    static func request(_ text: String) throws -> [PackageRequest] { [try PackageRequest(parsing: text)] }

    @Test func `a layout that was pulled is a signed repository that says which packages it lacks`() throws {
        let fixture = try PackageFixture()
        let (registry, opened) = try Self.repository(fixture)
        var target = MemoryTarget(registry)
        let wanted = try PackageQuery.chosen(by: Self.request("app/tide"), from: opened.packages, architecture: "amd64")
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        let pulled = try PackagePull.pull(wanted, of: opened, from: &target, to: &layout)
        #expect(pulled.packages.map(\.identity) == ["app/tide 1.1 amd64"])
        #expect(pulled.fetched == 2)
        var again = try PackageFixture.open(fixture.path("pulled"))
        let read = try fixture.reader().open(of: "oci:pulled", in: &again)
        #expect(read.known == opened.known)
        #expect(read.signer == "harbour.pub")
        let findings = try RepositoryVerifier.findings(read, in: &again, isDeep: false)
        #expect(findings.count == 3)
        let before = target.traffic.requests
        let second = try PackagePull.pull(opened.packages, of: opened, from: &target, to: &layout)
        #expect(second.fetched == 6)
        #expect(target.traffic.requests > before)
        #expect(try RepositoryVerifier.findings(read, in: &again, isDeep: true) == [])
        let text = try Tool.run("skopeo", ["inspect", "--raw", "oci:\(fixture.path("pulled")):app_stide_v1.1"])
        #expect(text.contains("arm64") && text.contains("amd64"))
        #expect(try PackagePull.pull(opened.packages, of: opened, from: &target, to: &layout).fetched == 0)
    }

    @Test func `what packages require comes along, each version that goes with the others, or nothing is fetched`()
        throws
    {
        let fixture = try PackageFixture()
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        try fixture.publish(
            [
                fixture.package("app/desk", "1", requires: ["app/tide < 2", "app/ebb"]),
                fixture.package("app/ebb", "1", requires: ["app/desk"]), fixture.package("app/tide", "1.1"),
                fixture.package("app/tide", "2"), fixture.package("app/lamp", "1", requires: ["app/oil"]),
                fixture.package("app/other", "1"),
            ], to: &target)
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        let found = try PackagePull.closure(of: Self.request("app/desk"), in: opened, architecture: "amd64")
        #expect(
            found.packages.map(\.identity).sorted() == ["app/desk 1 amd64", "app/ebb 1 amd64", "app/tide 1.1 amd64"])
        #expect(found.warnings == [])
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        let pulled = try PackagePull.pull(found.packages, of: opened, from: &target, to: &layout)
        #expect(pulled.fetched == 6)
        let before = target.traffic.requests
        let error = #expect(throws: SolverError.self) {
            try PackagePull.closure(of: Self.request("app/lamp"), in: opened, architecture: "amd64")
        }
        #expect(error?.kind == .refused && error?.cause.contains("app/oil") == true)
        #expect(target.traffic.requests == before)
    }

    @Test func `what was pulled can be published elsewhere, and is the same there`() throws {
        let fixture = try PackageFixture()
        let (registry, opened) = try Self.repository(fixture)
        var target = MemoryTarget(registry)
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        _ = try PackagePull.pull(opened.packages, of: opened, from: &target, to: &layout)
        var other = MemoryTarget(MemoryRegistry())
        let publication = try fixture.publisher().publish(layout, to: &other, key: fixture.key)
        #expect(publication.known.index.packages == opened.packages)
        #expect(try fixture.whole(in: &other) == opened.packages.map(\.identity))
    }

    @Test func `a pull that is cut leaves the layout as it was, and a second one ends it`() throws {
        let fixture = try PackageFixture()
        let (registry, opened) = try Self.repository(fixture)
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        var number = 0
        while true {
            number += 1
            var client = MemoryTarget(registry)
            client.before = { if $0 >= number { throw CutOff() } }
            do {
                _ = try PackagePull.pull(opened.packages, of: opened, from: &client, to: &layout)
                break
            } catch is CutOff {}
            var again = try PackageFixture.open(fixture.path("pulled"))
            #expect(try again.tags() == [])
        }
        #expect(number > 8)
        var again = try PackageFixture.open(fixture.path("pulled"))
        #expect(try RepositoryVerifier.findings(opened, in: &again, isDeep: true) == [])
    }

    @Test func `a manifest that is not what the index says is refused`() throws {
        let fixture = try PackageFixture()
        var (registry, opened) = try Self.repository(fixture)
        var target = MemoryTarget(registry)
        opened.known.index.packages[0].layer = opened.known.index.packages[1].layer
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        let error = #expect(throws: PackageRepositoryError.self) {
            try PackagePull.pull(Array(opened.packages.prefix(1)), of: opened, from: &target, to: &layout)
        }
        #expect(error?.kind == .content)
        #expect(try RepositoryVerifier.findings(opened, in: &target, isDeep: true).count == 1)
    }
}
