import Filesystems
import Foundation
import GrubEnvironment
import ImageModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

@Suite("Resets on folders", .timeLimit(.minutes(10)))
struct ResetEffectsTests {
    static let everything: ResetRequest = {
        var request = ResetRequest(wipe: .all)
        request.protection = .storedKey
        return request
    }()

    @Test("recovery's image becomes active, nothing is passive, and only what was named is formatted")
    func keeping() throws {
        let scene = try ResetScene()
        try scene.reset(ResetRequest())
        try scene.checkFinished("the reset")
        #expect(scene.formatted.oem == 0 && scene.formatted.persistent == [] && scene.formatted.state == 0)
        let names = try scene.folder.names("state/images/\(scene.images[0].id)")
        #expect(names.contains("local.sig") && names.contains("manifest.sig"))
    }

    @Test("OEM and persistent are formatted once each, encrypted as they were")
    func wiping() throws {
        var scene = try ResetScene()
        scene.isEncrypted = true
        try scene.reset(ResetRequest(wipe: .all))
        try scene.checkFinished("the reset")
        #expect(scene.formatted.oem == 1 && scene.formatted.persistent == [.storedKey])
    }

    @Test("a reset that is asked for again finds the image and copies nothing")
    func again() throws {
        let scene = try ResetScene()
        try scene.reset(ResetRequest())
        let before = scene.faults.calls.count
        try scene.reset(ResetRequest())
        try scene.checkFinished("the second reset")
        #expect(!scene.faults.calls.dropFirst(before).contains("part 1"))
    }

    @Test("a state partition that cannot be mended loses its roles before it is made anew")
    func lostState() throws {
        let scene = try ResetScene()
        scene.formatted.stateOutcome = .lost("no superblock")
        try scene.reset(ResetRequest())
        try scene.checkFinished("the reset")
        #expect(scene.formatted.state == 1)
        let write = try #require(scene.store.history.firstIndex { $0.active == nil && $0.pending == .reset })
        #expect(scene.store.history[write].passive == nil && scene.store.history[write].recovery != nil)
    }

    /// A machine whose state partition has pieces of recovery's image.
    private static func damagedScene() throws -> ResetScene {
        let scene = try ResetScene()
        try scene.images[0].write(scene.path("state/images/\(scene.images[0].id)"), parts: 2)
        try scene.folder.write("rot", to: "state/images/\(scene.images[0].id)/manifest.json")
        return scene
    }

    @Test("a damaged image of the same name is made anew")
    func damaged() throws {
        let scene = try Self.damagedScene()
        try scene.reset(ResetRequest())
        try scene.checkFinished("the reset")
    }

    @Test("a damaged image of the same name stays until the new one is there, where both have room")
    func damagedFirst() throws {
        let undisturbed = try Self.damagedScene()
        try undisturbed.reset(ResetRequest())
        let call = try #require(undisturbed.faults.calls.firstIndex(of: "part 1"))
        let scene = try Self.damagedScene()
        scene.faults.failing = call + 1
        #expect(throws: TransactionFailure.self) { try scene.reset(ResetRequest()) }
        #expect(try scene.folder.names("state/images").contains(scene.images[0].id.description))
    }

    @Test("an image whose signature cannot be checked any more is signed anew, not copied", arguments: [false, true])
    func unsigned(losesKey: Bool) throws {
        let scene = try ResetScene()
        try scene.reset(ResetRequest())
        #expect(try scene.facts().isDeployed)
        let name = losesKey ? "lifeboot/machine.pem" : "images/\(scene.images[0].id)/local.sig"
        try FileManager.default.removeItem(atPath: scene.path("state/\(name)").string)
        #expect(try !scene.facts().isDeployed)
        let before = scene.faults.calls.count
        try scene.reset(ResetRequest())
        try scene.checkFinished("the second reset")
        #expect(!scene.faults.calls.dropFirst(before).contains("part 1"))
        #expect(try scene.facts().isDeployed)
    }

    @Test(
        "what an older agent derived otherwise from a whole image is written anew, and nothing is copied",
        arguments: [false, true])
    func derived(isMissing: Bool) throws {
        let scene = try ResetScene()
        try scene.reset(ResetRequest())
        let file = "state/images/\(scene.images[0].id)/kernel.env"
        let title = {
            try EnvironmentBlock(parsing: Array(Data(contentsOf: URL(filePath: scene.path(file).string))))[
                "image_title"]
        }
        #expect(try title() == scene.images[0].manifest.menuTitle)
        if isMissing {
            try FileManager.default.removeItem(atPath: scene.path(file).string)
        } else {
            try scene.folder.write(String(decoding: EnvironmentBlock.kernelArguments([]), as: UTF8.self), to: file)
        }
        let before = scene.faults.calls.count
        try scene.reset(ResetRequest())
        #expect(!scene.faults.calls.dropFirst(before).contains("part 1"))
        #expect(try title() == scene.images[0].manifest.menuTitle)
    }

    @Test("what a deployment reuses or removes counts as room")
    func reusableRoom() throws {
        let id = try FakeImage.all.get()[0].id
        for folder in [".staging-\(id)", "\(id)"] {
            let scene = try ResetScene()
            let before = try scene.room()
            let name = "state/images/\(folder)/root.squashfs"
            try scene.folder.write("", to: name)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: scene.path(name).string))
            try file.truncate(atOffset: 1 << 40)
            try file.close()
            #expect(try scene.room() - before > 1 << 39, "\(folder)")
        }
    }

    @Test("for want of room the other images go first, and their roles before them")
    func room() throws {
        let scene = try ResetScene()
        try scene.run(try ResetPlan.scheduling(ResetRequest(), try scene.facts()))
        var facts = try scene.facts()
        facts.free = 1
        let plan = try ResetPlan.running(facts)
        scene.faults.failing = scene.faults.calls.count + 6
        _ = try? scene.run(plan)
        for id in [scene.images[1].id, scene.images[2].id] {
            let isThere = try scene.folder.names("state/images").contains(id.description)
            #expect(isThere || scene.store.current.active == nil && scene.store.current.passive == nil)
        }
        scene.faults.failing = nil
        try scene.resume()
        try scene.checkFinished("the resumption")
    }

    @Test("a scheduled reset is taken back, and nothing was touched")
    func takenBack() throws {
        let scene = try ResetScene()
        let before = scene.store.current
        try scene.run(try ResetPlan.scheduling(Self.everything, try scene.facts()))
        #expect(scene.store.current.pending == .reset && scene.store.current.wipe == .all)
        try scene.run(try ResetPlan.unscheduling(try scene.facts()))
        #expect(scene.store.current == before)
        #expect(try !scene.folder.names("recovery/lifeboot").contains("reset.json"))
    }

    @Test(
        "a fault or cut at any call leaves a machine that boots, and resuming finishes without formatting again what was noted",
        arguments: [false, true], [false, true])
    func sweep(isAfter: Bool, isLost: Bool) throws {
        let calls = try length(isLost)
        #expect(calls > 12)
        for call in 1...calls {
            let scene = try ResetScene()
            if isLost { scene.formatted.stateOutcome = .lost("no superblock") }
            scene.faults.failing = call
            scene.faults.isAfter = isAfter
            try? scene.reset(Self.everything)
            let comment: Comment = "call \(call) \(isAfter ? "after" : "before") \(scene.faults.calls.last ?? "")"
            try scene.checkBootable(comment)
            if scene.store.current.pending == nil, scene.store.current.active != scene.images[0].id {
                #expect(scene.formatted.oem == 0 && scene.formatted.persistent == [], comment)
                continue
            }
            scene.faults.failing = nil
            let (oem, persistent) = (scene.formatted.oem, scene.formatted.persistent.count)
            let wipe = scene.store.current.pending == nil ? nil : scene.store.current.wipe
            try scene.resume()
            #expect(scene.formatted.oem - oem == (wipe?.includesOEM == true ? 1 : 0), comment)
            #expect(
                scene.formatted.persistent.count - persistent == (wipe?.includesPersistent == true ? 1 : 0), comment)
            #expect(Set(scene.formatted.persistent) == [.storedKey], comment)
            try scene.checkDone(comment)
        }
    }

    /// How many calls a reset makes that nothing disturbs.
    private func length(_ isLost: Bool) throws -> Int {
        let scene = try ResetScene()
        if isLost { scene.formatted.stateOutcome = .lost("no superblock") }
        try scene.reset(Self.everything)
        return scene.faults.calls.count
    }
}

extension ResetScene {
    /// Finished; what is only tidied up after the commit may have stayed when that was where the fault came.
    fileprivate func checkDone(_ comment: Comment) throws {
        #expect(store.current == BootEnvironment(active: images[0].id, recovery: images[0].id), comment)
        #expect(try images[0].isWhole(in: path("state")), comment)
        try reset(ResetRequest())
        try checkFinished(comment)
    }
}
