import BuildPlanning
import LinuxSystem
import PackageSpecs
import Synchronization
import Testing

@testable import PackageBuilding

@Suite("Builds of packages")
struct PackageBuilderTests {
    @Test("make everything once, in an order in which each finds what it is built on, and nothing the second time")
    func twice() throws {
        try BuilderFixture.withCache { cache in
            let first = BuilderFixture.FakeMaker(cache)
            let (summary, _) = try BuilderFixture.build(BuilderFixture.layer(), first) { $0.jobs = 3 }
            let made = first.made.withLock { $0 }
            #expect(made.count == 4 && summary.built.count == 4 && summary.cached.isEmpty)
            #expect(made.filter { $0 != "a/lone" } == ["a/low", "a/mid", "a/top"])
            let second = BuilderFixture.FakeMaker(cache)
            let (again, events) = try BuilderFixture.build(BuilderFixture.layer(), second)
            #expect(second.made.withLock { $0 } == [] && again.cached.count == 4 && again.outputs == summary.outputs)
            #expect(events.contains("cached a/low 1"))
        }
    }

    @Test("make what has changed, and those above it only when its bytes are others")
    func cutOff() throws {
        try BuilderFixture.withCache { cache in
            _ = try BuilderFixture.build(BuilderFixture.layer(), BuilderFixture.FakeMaker(cache))
            let same = BuilderFixture.FakeMaker(cache)
            let (_, events) = try BuilderFixture.build(BuilderFixture.layer(low: "one# a remark"), same)
            #expect(same.made.withLock { $0 } == ["a/low"])
            #expect(events.contains("started a/low 1: step 1: one → one# a remark"))
            #expect(events.contains("finished a/low 1, as before"))
            let other = BuilderFixture.FakeMaker(cache)
            let (_, changes) = try BuilderFixture.build(BuilderFixture.layer(low: "five"), other)
            #expect(other.made.withLock { $0 } == ["a/low", "a/mid"])
            #expect(changes.contains { $0.hasPrefix("started a/mid 1: package a/low: sha256:") })
            #expect(changes.contains("finished a/mid 1, as before") && changes.contains("cached a/top 1"))
        }
    }

    @Test("leave out what needs a failed one, and make all others")
    func failure() throws {
        try BuilderFixture.withCache { cache in
            let maker = BuilderFixture.FakeMaker(cache, failing: ["a/low"])
            let (summary, events) = try BuilderFixture.build(BuilderFixture.layer(), maker)
            #expect(Set(maker.made.withLock { $0 }) == ["a/low", "a/lone"])
            #expect(Array(summary.failures.keys) == ["a/low 1"] && summary.built == ["a/lone 1"])
            #expect(events.contains("skipped a/top 1: a/low 1") && summary.skipped.count == 2)
            let (again, _) = try BuilderFixture.build(BuilderFixture.layer(), BuilderFixture.FakeMaker(cache))
            #expect(again.cached == ["a/lone 1"] && again.built.count == 3)
        }
    }

    @Test("say before they begin what would be made, as far as that can be known")
    func dry() throws {
        try BuilderFixture.withCache { cache in
            let maker = BuilderFixture.FakeMaker(cache)
            let (first, events) = try BuilderFixture.build(BuilderFixture.layer(), maker) { $0.isDry = true }
            #expect(maker.made.withLock { $0 } == [])
            #expect(Set(first.due) == ["a/lone 1", "a/low 1"] && Set(first.unknown) == ["a/mid 1", "a/top 1"])
            #expect(
                events == [
                    "due a/lone 1: not built before", "due a/low 1: not built before", "waiting a/mid 1: a/low 1",
                    "waiting a/top 1: a/mid 1",
                ])
            _ = try BuilderFixture.build(BuilderFixture.layer(), maker)
            let (second, _) = try BuilderFixture.build(BuilderFixture.layer(mid: "six"), maker) { $0.isDry = true }
            #expect(second.due == ["a/mid 1"] && second.unknown == ["a/top 1"] && second.cached.count == 2)
        }
    }

    @Test("say what idle workers wait for, once for each thing")
    func idle() throws {
        try BuilderFixture.withCache { cache in
            let packages = [
                try BuilderFixture.package("a/low", "1"), try BuilderFixture.package("a/one", "2", on: ["a/low"]),
                try BuilderFixture.package("a/two", "3", on: ["a/low"]),
                try BuilderFixture.package("a/top", "4", on: ["a/one", "a/two"]),
            ]
            let (_, events) = try BuilderFixture.build(packages, BuilderFixture.FakeMaker(cache)) { $0.jobs = 3 }
            #expect(
                Array(events.prefix(3)) == [
                    "started a/low 1: not built before", "2 idle until a/low 1, 3 wait", "finished a/low 1",
                ])
            #expect(events.contains("1 idle until a/one 1 + a/two 1, 1 wait"))
            // Nothing waits for the last one.
            #expect(Array(events.suffix(2)) == ["started a/top 1: not built before", "finished a/top 1"])
            #expect(BuildNotice(in: cache.folder).packages == [])
            // One worker is never idle.
            let (_, single) = try BuilderFixture.build(
                packages.map { package in
                    var other = package
                    other.build?.steps[0].value += "!"
                    return other
                }, BuilderFixture.FakeMaker(cache))
            #expect(!single.contains { $0.contains("idle") } && single.count == 8)
        }
    }

    @Test("are noted while they are under way, for who is asked to stop")
    func notice() throws {
        try BuilderFixture.withCache { cache in
            let maker = BuilderFixture.FakeMaker(cache)
            _ = try BuilderFixture.build(BuilderFixture.layer(), maker)
            #expect(maker.notices.withLock { $0 } == [["a/lone 1"], ["a/low 1"], ["a/mid 1"], ["a/top 1"]])
            #expect(BuildNotice(in: cache.folder).packages == [])
            // Who only looks leaves the notice of others alone.
            BuildNotice(in: cache.folder).write(["b/other 1"])
            _ = try BuilderFixture.build(BuilderFixture.layer(), maker) { $0.isDry = true }
            #expect(BuildNotice(in: cache.folder).packages == ["b/other 1"])
        }
    }

    @Test("are made again when somebody asks, and when an artefact or a container is gone")
    func again() throws {
        try BuilderFixture.withCache { cache in
            let packages = [
                try BuilderFixture.package("a/low", "one"), try BuilderFixture.package("a/tools", "two", in: "a/low"),
            ]
            let maker = BuilderFixture.FakeMaker(cache)
            _ = try BuilderFixture.build(packages, maker)
            #expect(maker.made.withLock { $0 } == ["a/low", "a/tools"])
            let demanded = BuilderFixture.FakeMaker(cache)
            demanded.containers.withLock { $0 = maker.containers.withLock { $0 } }
            let (_, events) = try BuilderFixture.build(packages, demanded) { $0.rebuilt = [packages[1].name] }
            #expect(demanded.made.withLock { $0 } == ["a/tools"])
            #expect(events.contains("started a/tools 1: you asked for it"))
            // A container that nobody is to be built in is not needed.
            let lost = BuilderFixture.FakeMaker(cache)
            #expect(try BuilderFixture.build(packages, lost).summary.cached.count == 2)
            let changed = [packages[0], try BuilderFixture.package("a/tools", "three", in: "a/low")]
            #expect(try BuilderFixture.build([packages[0]], lost).summary.cached.count == 1)
            let (last, made) = try BuilderFixture.build(changed, lost)
            #expect(lost.made.withLock { $0 } == ["a/low", "a/tools"])
            #expect(made.contains("finished a/low 1, as before"))
            let layer = try #require(last.outputs["a/tools 1"]?.layer)
            try Folders.removeFile(cache.blob(layer))
            let (_, gone) = try BuilderFixture.build(changed, lost)
            #expect(gone.contains("started a/tools 1: its artefact is not in the cache any more"))
        }
    }
}
