import Foundation
import LinuxSystem
import OverlayPlanning
import Plans
import SystemPackage
import Testing

@testable import Overlays

@Suite("Effects with overlays", .enabled(if: TestedMachine.isRoot), .serialized)
struct LiveOverlayEffectsTests {
    private func effects(_ fixture: FixtureRoot) -> LiveOverlayEffects {
        LiveOverlayEffects(fixture.places.store, OverlaySignatures(fixture.request().seal))
    }

    @Test("what was closed is undone already, and the rest is undone in reverse")
    func undo() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a/usr/x": ""])
        var effects = effects(fixture)
        let (store, place) = (fixture.places.store, fixture.places.layer(0))
        let made = try effects.perform(.makeStore(store, size: "1m"))
        let shown = try effects.perform(.showFolder(fixture.oem.appending("10-a"), at: place))
        #expect(made.undo == [.unmount(store)] && shown.undo == [.unmount(place)])
        _ = try effects.perform(.close(place))
        try effects.undo(.unmount(place))
        try effects.undo(.unmount(store))
        #expect(try fixture.mounts().isEmpty)
        #expect(fixture.exists("/oem/overlays/10-a/usr/x"), "only the place is removed")
    }

    @Test("a folder is not written to where it is shown, and the store not after it is protected")
    func readOnly() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a/usr/x": ""])
        var effects = effects(fixture)
        let (store, place) = (fixture.places.store, fixture.places.layer(0))
        _ = try effects.perform(.makeStore(store, size: "1m"))
        _ = try effects.perform(.showFolder(fixture.oem.appending("10-a"), at: place))
        #expect(throws: SystemError.self) { try Folders.makeNew(place.appending("new")) }
        try Folders.makeNew(store.appending("before"))
        // The table of mounts that is read is that of the whole process.
        _ = try effects.perform(.protectStore(store))
        #expect(throws: SystemError.self) { try Folders.makeNew(store.appending("after")) }
        for undo in [OverlayUndo.unmount(place), .unmount(store)] { try effects.undo(undo) }
    }

    @Test("a failure is known by the place that it was to give, without its full stop")
    func failures() throws {
        let fixture = try FixtureRoot()
        var effects = effects(fixture)
        let place = fixture.places.layer(0)
        do {
            _ = try effects.perform(.unpack(fixture.oem.appending("10-a.tar"), mustBeSigned: false, into: place))
            Issue.record("there is no such file")
        } catch { #expect(effects.failures[place].map { $0 + "." } == "\(error)") }
        #expect(!FileManager.default.fileExists(atPath: place.string))
    }

    @Test("two stores never give a mapping of dm-verity the same name")
    func verityNames() throws {
        let seal = try FixtureRoot().request().seal
        let names = (["/run/o", "/run/o-check"] as [FilePath]).map { store in
            LiveOverlayEffects(store, OverlaySignatures(seal)).verityName(OverlayPlaces(store: store).layer(3))
        }
        #expect(names == ["lifeboot-o-03", "lifeboot-o-check-03"])
    }
}
