import Cryptography
import Faults
import Foundation
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SeededNumbers
import Synchronization
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct RepositoryPublisherTests {
    @Test func `what is published is what a reader sees, and a later publication adds to it`() throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(MemoryRegistry())
        let first = try fixture.publish([fixture.package("app/tide", "1.0")], to: &target)
        #expect(first.known.index.revision == 1)
        #expect(first.known.index.previous == nil)
        #expect(try fixture.whole(in: &target) == ["app/tide 1.0 amd64"])
        let second = try fixture.publish([fixture.package("app/tide", "1.1")], to: &target, day: 1)
        #expect(second.known.index.revision == 2)
        #expect(second.known.index.previous == first.known.digest)
        #expect(second.known.index.expires == PackageFixture.day(31))
        #expect(second.added.map(\.identity) == ["app/tide 1.1 amd64"])
        #expect(try fixture.whole(in: &target) == ["app/tide 1.0 amd64", "app/tide 1.1 amd64"])
        #expect(second.rounds == 1)
    }

    @Test func `a version that is published with other content is refused, and nothing changes`() throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(MemoryRegistry())
        try fixture.publish([fixture.package("app/tide", "1.0")], to: &target)
        let before = target.registry["index"]
        let error = #expect(throws: RepositoryPlanningError.self) {
            try fixture.publish([fixture.package("app/tide", "1.0", "other")], to: &target)
        }
        #expect(error?.kind == .clash)
        #expect(error?.cause.hasPrefix("1.0 is published with other content") == true)
        #expect(target.registry["index"] == before)
        #expect(try fixture.whole(in: &target) == ["app/tide 1.0 amd64"])
    }

    @Test func `a tag that an abandoned publication left is in the way of other content, and of no equal one`() throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(MemoryRegistry())
        try fixture.publish([fixture.package("app/ebb", "1.0")], to: &target)
        // The tag is there, and no index names it.
        let built = try fixture.package("app/tide", "1.0")
        try Self.cut(&target, at: 12) { try fixture.publish([built], to: &$0) }
        #expect(target.registry["app_stide_v1.0"] != nil)
        #expect(try fixture.whole(in: &target) == ["app/ebb 1.0 amd64"])
        let error = #expect(throws: RepositoryPlanningError.self) {
            try fixture.publish([fixture.package("app/tide", "1.0", "other")], to: &target)
        }
        #expect(error?.kind == .clash)
        try fixture.publish([built], to: &target)
        #expect(try fixture.whole(in: &target) == ["app/ebb 1.0 amd64", "app/tide 1.0 amd64"])
    }

    /// Runs something whose connection breaks at a request and stays broken.
    static func cut(
        _ target: inout MemoryTarget, at number: Int, afterwards: Bool = false,
        _ body: (inout MemoryTarget) throws -> Void
    ) throws {
        var client = MemoryTarget(target.registry)
        if afterwards {
            client.after = { if $0 >= number { throw CutOff() } }
        } else {
            client.before = { if $0 >= number { throw CutOff() } }
        }
        do { try body(&client) } catch is CutOff {}
    }

    /// Publishes as a person would who reads "publish again".
    static func publish(
        _ layout: FilePath, _ publisher: RepositoryPublisher, _ pem: [UInt8],
        _ client: inout some RepositoryTarget & ~Copyable
    ) throws -> Int {
        for _ in 0..<5 {
            do {
                return try publisher.publish(
                    try PackageFixture.open(layout), to: &client, key: SigningKey(pem: pem)
                ).rounds
            } catch let error as PackageRepositoryError where error.kind == .busy { continue }
        }
        throw ServerError("others published in between all the time")
    }

    /// How many requests something needs.
    static func requests(_ registry: MemoryRegistry, _ body: (inout MemoryTarget) throws -> Void) throws -> Int {
        var client = MemoryTarget(registry)
        try body(&client)
        return client.traffic.requests
    }

    @Test(arguments: [false, true], [true, false])
    func `a publication that is cut at any request leaves the old or the new, and a second one ends it`(
        afterwards: Bool, isFirst: Bool
    ) throws {
        let fixture = try PackageFixture()
        let old = try fixture.layout([fixture.package("app/ebb", "1.0")])
        let new = try fixture.layout([fixture.package("app/tide", "1.0"), fixture.package("app/flood", "1.0")])
        let publish = { (layout: FilePath, target: inout MemoryTarget) throws in
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &target, key: fixture.key)
        }
        let start = MemoryRegistry()
        if !isFirst { _ = try Self.requests(start) { try publish(old, &$0) } }
        let count = try Self.requests(MemoryRegistry(start)) { try publish(new, &$0) }
        #expect(count > 20)
        let before = isFirst ? [] : ["app/ebb 1.0 amd64"]
        let after = ["app/flood 1.0 amd64", "app/tide 1.0 amd64"]
        var seen: Set<[String]> = []
        for number in 1...count {
            var target = MemoryTarget(MemoryRegistry(start))
            try Self.cut(&target, at: number, afterwards: afterwards) { try publish(new, &$0) }
            let packages = target.registry["index"] == nil ? [] : try fixture.whole(in: &target)
            #expect(packages == before || packages == (before + after).sorted(), "cut at \(number)")
            seen.insert(packages)
            try publish(new, &target)
            #expect(try fixture.whole(in: &target) == (before + after).sorted(), "published again after \(number)")
        }
        #expect(seen.count == 2)
    }

    @Test func `another publisher at any request loses nothing, and neither does this one`() throws {
        let fixture = try PackageFixture()
        let base = try fixture.layout([fixture.package("app/ebb", "1.0")])
        let own = try fixture.layout([fixture.package("app/tide", "1.0")])
        let other = try fixture.layout([fixture.package("app/flood", "1.0")])
        let publish = { (layout: FilePath, target: inout MemoryTarget) throws in
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &target, key: fixture.key)
        }
        let start = MemoryRegistry()
        _ = try Self.requests(start) { try publish(base, &$0) }
        for number in 1...40 {
            let registry = MemoryRegistry(start)
            var target = MemoryTarget(registry)
            var client = MemoryTarget(registry)
            client.before = { request in
                guard request == number else { return }
                var second = MemoryTarget(registry)
                try publish(other, &second)
            }
            try publish(own, &client)
            if client.traffic.requests < number { break }
            #expect(
                try fixture.whole(in: &target) == ["app/ebb 1.0 amd64", "app/flood 1.0 amd64", "app/tide 1.0 amd64"],
                "at \(number)")
        }
    }

    @Test(arguments: 0..<16)
    func `two publishers whose requests cross in any order lose nothing`(seed: UInt64) throws {
        let fixture = try PackageFixture()
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        try fixture.publish([fixture.package("app/ebb", "1.0")], to: &target)
        let layouts = [
            try fixture.layout([fixture.package("app/tide", "1.0")]),
            try fixture.layout([fixture.package("app/flood", "1.0")]),
        ]
        let turns = Turns(2, seed: seed)
        let publisher = fixture.publisher()
        let pem = try fixture.key.pem()
        let outcomes = Outcomes()
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            outcomes.note(
                Result {
                    defer { turns.leave(place) }
                    var client = MemoryTarget(registry)
                    client.before = { _ in turns.wait(for: place) }
                    return try Self.publish(layouts[place], publisher, pem, &client)
                })
        }
        let rounds = try outcomes.values()
        #expect(rounds.count == 2)
        #expect(
            try fixture.whole(in: &target) == ["app/ebb 1.0 amd64", "app/flood 1.0 amd64", "app/tide 1.0 amd64"])
    }
}

/// Lets threads go on one request at a time, in an order that a seed decides.
final class Turns: Sendable {
    private struct State {
        var numbers: SeededGenerator
        var waiting: Set<Int> = []
        var present: Set<Int>
    }

    private let state: Mutex<State>
    private let signals: [DispatchSemaphore]

    init(_ count: Int, seed: UInt64) {
        state = Mutex(State(numbers: SeededGenerator(seed: seed), present: Set(0..<count)))
        signals = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    }

    /// Waits for the next turn, and gives up the one before.
    func wait(for place: Int) {
        change { $0.waiting.insert(place) }
        signals[place].wait()
    }

    func leave(_ place: Int) { change { $0.present.remove(place) } }

    /// Gives a turn when everybody waits for one: only one thread works at any time.
    private func change(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            guard !state.present.isEmpty, state.waiting.isSuperset(of: state.present),
                let next = state.waiting.sorted().randomElement(using: &state.numbers)
            else { return }
            state.waiting.remove(next)
            signals[next].signal()
        }
    }
}

/// What threads came to.
final class Outcomes: Sendable {
    private let results = Mutex<[Result<Int, any Error>]>([])

    func note(_ result: Result<Int, any Error>) { results.withLock { $0.append(result) } }
    func values() throws -> [Int] { try results.withLock { try $0.map { try $0.get() } } }
}
