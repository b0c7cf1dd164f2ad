import GrubEnvironment
import ImageModel
import Testing

@testable import TransactionPlanning

@Suite("What a disk boots already")
struct FoundInstallationTests {
    @Test(
        "an installation counts when it was completed with this image, whether it has booted yet or not",
        arguments: [ImageState.trial, .good, .bad])
    func holds(state: ImageState) {
        var environment = BootEnvironment(active: id("a"), recovery: id("a"), activeState: state)
        environment.setTries(0, of: .active)
        #expect(FoundInstallation(environment: environment, isBootable: true).holds(id("a")))
        environment.active = id("b")
        #expect(FoundInstallation(environment: environment, isBootable: true).holds(id("a")), "after an upgrade")
    }

    @Test("one of another image, one that is pending, and one that no firmware starts yet do not count")
    func others() {
        let environment = BootEnvironment(active: id("a"), recovery: id("a"))
        #expect(!FoundInstallation(environment: environment, isBootable: false).holds(id("a")))
        #expect(!FoundInstallation(environment: environment, isBootable: true).holds(id("b")))
        for change in [{ $0.pending = .install }, { $0.recovery = id("b") }, { $0.active = nil }]
            as [(inout BootEnvironment) -> Void]
        {
            var changed = environment
            change(&changed)
            #expect(!FoundInstallation(environment: changed, isBootable: true).holds(id("a")))
        }
    }
}
