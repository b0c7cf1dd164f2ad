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

@Suite struct RepositoryPrunerTests {
    /// A repository with two indexes and an orphan, and the packages that a publication names, the orphan among them.
    static func start(_ fixture: PackageFixture) throws -> (MemoryRegistry, FilePath) {
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        for number in 1...2 { try fixture.publish([fixture.package("app/ebb", "1.\(number)")], to: &target) }
        let layout = try fixture.layout([fixture.package("app/tide", "1.0"), fixture.package("app/flood", "1.0")])
        try RepositoryPublisherTests.cut(&target, at: 10) { client in
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &client, key: fixture.key)
        }
        return (registry, layout)
    }

    static func prune(_ fixture: PackageFixture, _ target: inout MemoryTarget, resumes: Bool = false) throws {
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        var pruner = RepositoryPruner(keys: [fixture.trusted])
        pruner.resumes = resumes
        pruner.count = 1
        _ = try pruner.run(try pruner.plan(opened, in: &target), in: &target)
    }

    /// Publishes; a prune that deletes what is published is in the way.
    static func publish(_ fixture: PackageFixture, _ layout: FilePath, _ target: inout MemoryTarget) throws -> Bool {
        do {
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &target, key: fixture.key)
            return true
        } catch let error as PackageRepositoryError where error.kind == .busy { return false }
    }

    @Test func `a prune deletes the orphan and the old index, and nothing else`() throws {
        let fixture = try PackageFixture()
        let (registry, _) = try Self.start(fixture)
        #expect(registry["app_sflood_v1.0"] != nil)
        var target = MemoryTarget(registry)
        try Self.prune(fixture, &target)
        #expect(
            try target.tags().filter { !$0.hasSuffix(".sig") } == [
                "app_sebb_v1.1", "app_sebb_v1.2", "index", "index-2",
            ])
        #expect(try fixture.whole(in: &target).count == 2)
        let count = target.traffic.requests
        try Self.prune(fixture, &target)
        #expect(target.traffic.requests > count)
    }

    @Test func `a publication at any request of a prune stays whole`() throws {
        let fixture = try PackageFixture()
        let (start, layout) = try Self.start(fixture)
        for number in 1...80 {
            let registry = MemoryRegistry(start)
            var client = MemoryTarget(registry)
            var isPublished = true
            let (shared, publication) = (fixture, layout)
            client.before = { request in
                guard request == number else { return }
                var second = MemoryTarget(registry)
                isPublished = try Self.publish(shared, publication, &second)
            }
            try Self.prune(fixture, &client)
            let isOver = client.traffic.requests < number
            var target = MemoryTarget(registry)
            let expected = isPublished && !isOver ? 4 : 2
            #expect(try fixture.whole(in: &target).count == expected, "at \(number)")
            _ = try Self.publish(fixture, layout, &target)
            #expect(try fixture.whole(in: &target).count == 4, "published after \(number)")
            if isOver { break }
        }
    }

    @Test func `a prune at any request of a publication leaves it whole`() throws {
        let fixture = try PackageFixture()
        let (start, layout) = try Self.start(fixture)
        for number in 1...80 {
            let registry = MemoryRegistry(start)
            var client = MemoryTarget(registry)
            client.before = { request in
                guard request == number else { return }
                var second = MemoryTarget(registry)
                try Self.prune(fixture, &second)
            }
            #expect(try Self.publish(fixture, layout, &client))
            var target = MemoryTarget(registry)
            #expect(try fixture.whole(in: &target).count == 4, "at \(number)")
            if client.traffic.requests < number { break }
        }
    }

    @Test(arguments: 0..<12)
    func `a prune and a publication in any order leave the newest index whole`(seed: UInt64) throws {
        let fixture = try PackageFixture()
        let (registry, layout) = try Self.start(fixture)
        let turns = Turns(2, seed: seed)
        let outcomes = Outcomes()
        let publisher = fixture.publisher()
        let reader = fixture.reader()
        let pem = try fixture.key.pem()
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            outcomes.note(
                Result {
                    defer { turns.leave(place) }
                    var client = MemoryTarget(registry)
                    client.before = { _ in turns.wait(for: place) }
                    guard place == 0 else { return try Self.prune(reader, &client) }
                    return try Self.publish(publisher, layout, pem, &client)
                })
        }
        let values = try outcomes.values()
        var target = MemoryTarget(registry)
        #expect(try fixture.whole(in: &target).count == (values.contains(4) ? 4 : 2))
    }

    static func prune(_ reader: RepositoryReader, _ target: inout MemoryTarget) throws -> Int {
        let opened = try reader.open(of: PackageFixture.reference, in: &target)
        var pruner = RepositoryPruner(keys: reader.keys)
        pruner.count = 1
        _ = try pruner.run(try pruner.plan(opened, in: &target), in: &target)
        return 0
    }

    static func publish(
        _ publisher: RepositoryPublisher, _ layout: FilePath, _ pem: [UInt8], _ target: inout MemoryTarget
    ) throws -> Int {
        do {
            return try publisher.publish(try PackageFixture.open(layout), to: &target, key: .init(pem: pem))
                .known.index.packages.count
        } catch let error as PackageRepositoryError where error.kind == .busy { return 0 }
    }

    @Test func `a prune that was cut is in the way of what it deletes, until it is run again`() throws {
        let fixture = try PackageFixture()
        let (registry, layout) = try Self.start(fixture)
        var target = MemoryTarget(registry)
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        let pruner = RepositoryPruner(keys: [fixture.trusted])
        let plan = try pruner.plan(opened, in: &target)
        #expect(!plan.deletions.isEmpty)
        var broken = MemoryTarget(registry)
        broken.before = { if $0 == 8 { throw CutOff() } }
        #expect(throws: CutOff.self) { try pruner.run(plan, in: &broken) }
        #expect(registry["prune"] != nil)
        #expect(try Self.publish(fixture, layout, &target) == false)
        #expect(try fixture.whole(in: &target).count == 2)
        let error = #expect(throws: PackageRepositoryError.self) { try Self.prune(fixture, &target) }
        #expect(error?.kind == .busy)
        try Self.prune(fixture, &target, resumes: true)
        #expect(registry["prune"] == nil)
        #expect(try Self.publish(fixture, layout, &target))
        #expect(try fixture.whole(in: &target).count == 4)
    }

    @Test func `in a layout the room is free at once`() throws {
        let fixture = try PackageFixture()
        var target = try LayoutTarget(.init(fixture.path("repository")))
        for number in 1...3 { try fixture.publish([fixture.package("app/ebb", "1.\(number)")], to: &target) }
        let before = try RepositoryCreatorTests.content(fixture.path("repository")).count
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        var pruner = RepositoryPruner(keys: [fixture.trusted])
        pruner.count = 1
        _ = try pruner.run(try pruner.plan(opened, in: &target), in: &target)
        let freed = try pruner.sweep(&target)
        #expect(freed > 0)
        #expect(try RepositoryCreatorTests.content(fixture.path("repository")).count < before)
        #expect(try fixture.whole(in: &target).count == 3)
    }

    @Test func `a revision is pinned, and pinned ones are listed`() throws {
        let fixture = try PackageFixture()
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        for number in 1...3 { try fixture.publish([fixture.package("app/ebb", "1.\(number)")], to: &target) }
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        #expect(try RepositorySnapshot.pin(opened, in: &target) == false)
        registry["index-3"] = registry["index-1"]
        #expect(try RepositorySnapshot.pin(opened, in: &target))
        #expect(registry["index-3"] == opened.known.digest)
        #expect(try RepositorySnapshot.revisions(upTo: 2, in: &target) == [1, 2])
    }
}
