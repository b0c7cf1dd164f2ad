import Cryptography
import Faults
import Foundation
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct RepositoryRemovalTests {
    private static let rest = ["app/ebb 1 amd64"]
    private static let all = ["app/ebb 1 amd64", "app/tide 1 amd64", "app/tide 2 amd64"]

    private static func repository(_ fixture: PackageFixture) throws -> MemoryRegistry {
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        try fixture.publish(
            [fixture.package("app/ebb", "1"), fixture.package("app/tide", "1"), fixture.package("app/tide", "2")],
            to: &target)
        return registry
    }

    private static func remove(
        _ text: String, _ fixture: PackageFixture, _ target: inout MemoryTarget
    ) throws -> RepositoryPublisher.Publication {
        try fixture.publisher().remove([PackageRequest(parsing: text)], from: &target, key: fixture.key)
    }

    /// Removes as a person would who reads "publish again".
    private static func remove(
        _ request: PackageRequest, _ publisher: RepositoryPublisher, _ pem: [UInt8], _ client: inout MemoryTarget
    ) throws -> Int {
        for _ in 0..<5 {
            do { return try publisher.remove([request], from: &client, key: SigningKey(pem: pem)).rounds } catch let
                error
                as PackageRepositoryError where error.kind == .busy
            { continue } catch let error as RepositoryPlanningError where error.kind == .absent { return 0 }
        }
        throw ServerError("others published in between all the time")
    }

    @Test func `what is removed is in no new index, and in the earlier ones as before`() throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(try Self.repository(fixture))
        let before = target.registry["index"]
        let removal = try Self.remove("app/tide = 1", fixture, &target)
        #expect(removal.removed.map(\.identity) == ["app/tide 1 amd64"])
        #expect(removal.known.index.revision == 2 && removal.known.index.previous == before)
        #expect(try fixture.whole(in: &target) == ["app/ebb 1 amd64", "app/tide 2 amd64"])
        let old = try fixture.reader().open(.revision(1), of: PackageFixture.reference, in: &target)
        #expect(try RepositoryVerifier.findings(old, in: &target, isDeep: true) == [])
        #expect(old.packages.map(\.identity) == Self.all)
        // Nothing of it is left in what is published later, and the same content can be published again.
        try fixture.publish([fixture.package("app/lamp", "1")], to: &target)
        #expect(try fixture.whole(in: &target) == ["app/ebb 1 amd64", "app/lamp 1 amd64", "app/tide 2 amd64"])
    }

    @Test func `what stays keeps what it requires, and what is planned is not done`() throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(try Self.repository(fixture))
        try fixture.publish([fixture.package("app/desk", "1", requires: ["app/tide < 2"])], to: &target)
        let before = target.registry["index"]
        let error = #expect(throws: RepositoryPlanningError.self) { try Self.remove("app/tide", fixture, &target) }
        #expect(error?.kind == .needed)
        let request = try PackageRequest(parsing: "app/tide = 2")
        let planned = try fixture.publisher().plannedRemoval(of: [request], from: &target)
        #expect(planned.removed.map(\.identity) == ["app/tide 2 amd64"])
        #expect(planned.plan.index.packages.count == 3 && planned.plan.index.revision == 3)
        #expect(target.registry["index"] == before && target.registry["index-3"] == nil)
        var empty = MemoryTarget(MemoryRegistry())
        let absent = #expect(throws: RepositoryPlanningError.self) { try Self.remove("app/tide", fixture, &empty) }
        #expect(absent?.kind == .absent)
    }

    @Test(arguments: [false, true])
    func `a removal that is cut at any request leaves the old or the new, and a second one ends it`(
        afterwards: Bool
    ) throws {
        let fixture = try PackageFixture()
        let start = try Self.repository(fixture)
        let count = try RepositoryPublisherTests.requests(MemoryRegistry(start)) {
            _ = try Self.remove("app/tide", fixture, &$0)
        }
        #expect(count > 10)
        var seen: Set<[String]> = []
        for number in 1...count {
            var target = MemoryTarget(MemoryRegistry(start))
            try RepositoryPublisherTests.cut(&target, at: number, afterwards: afterwards) {
                _ = try Self.remove("app/tide", fixture, &$0)
            }
            let packages = try fixture.whole(in: &target)
            #expect(packages == Self.all || packages == Self.rest, "cut at \(number)")
            seen.insert(packages)
            if packages == Self.all { _ = try Self.remove("app/tide", fixture, &target) }
            #expect(try fixture.whole(in: &target) == Self.rest, "removed again after \(number)")
        }
        #expect(seen.count == 2)
    }

    /// Does one thing, and another one in between at each of its requests; gives what a reader sees after both.
    private static func crossed(
        _ fixture: PackageFixture, _ one: (inout MemoryTarget) throws -> Void,
        with other: @escaping (inout MemoryTarget) throws -> Void
    ) throws -> [[String]] {
        let start = try Self.repository(fixture)
        var seen: [[String]] = []
        for number in 1...60 {
            let registry = MemoryRegistry(start)
            var client = MemoryTarget(registry)
            client.before = { request in
                guard request == number else { return }
                var second = MemoryTarget(registry)
                try other(&second)
            }
            try one(&client)
            if client.traffic.requests < number { break }
            var target = MemoryTarget(registry)
            // An abandoned announcement must bring nothing back.
            try fixture.publish([fixture.package("app/lamp", "1")], to: &target, day: 1)
            seen.append(try fixture.whole(in: &target))
        }
        return seen
    }

    @Test func `a publication at any request of a removal, and the other way round, loses nothing of both`() throws {
        let fixture = try PackageFixture()
        let layout = try fixture.layout([fixture.package("app/flood", "1")])
        let publish = { (target: inout MemoryTarget) throws in
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &target, key: fixture.key)
        }
        let remove = { (target: inout MemoryTarget) throws in _ = try Self.remove("app/tide", fixture, &target) }
        let after = ["app/ebb 1 amd64", "app/flood 1 amd64", "app/lamp 1 amd64"]
        for seen in [
            try Self.crossed(fixture, remove, with: publish), try Self.crossed(fixture, publish, with: remove),
        ] {
            #expect(seen.count > 10)
            #expect(Set(seen) == [after], "\(seen)")
        }
    }

    @Test(arguments: 0..<16)
    func `a removal and a publication whose requests cross in any order lose nothing`(seed: UInt64) throws {
        let fixture = try PackageFixture()
        let registry = try Self.repository(fixture)
        let layout = try fixture.layout([fixture.package("app/flood", "1")])
        let turns = Turns(2, seed: seed)
        let publisher = fixture.publisher()
        let pem = try fixture.key.pem()
        let request = try PackageRequest(parsing: "app/tide")
        let outcomes = Outcomes()
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            outcomes.note(
                Result {
                    defer { turns.leave(place) }
                    var client = MemoryTarget(registry)
                    client.before = { _ in turns.wait(for: place) }
                    if place == 0 { return try RepositoryPublisherTests.publish(layout, publisher, pem, &client) }
                    return try Self.remove(request, publisher, pem, &client)
                })
        }
        #expect(try outcomes.values().count == 2)
        var target = MemoryTarget(registry)
        #expect(try fixture.whole(in: &target) == ["app/ebb 1 amd64", "app/flood 1 amd64"])
        try fixture.publish([fixture.package("app/lamp", "1")], to: &target, day: 1)
        #expect(try fixture.whole(in: &target).contains { $0.hasPrefix("app/tide") } == false)
    }
}
