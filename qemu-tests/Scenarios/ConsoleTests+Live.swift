import Foundation
import ImageModel
import Testing

extension ConsoleTests {
    @Test(
        "installs a live system by keys on the disk that is chosen, whatever lies on it",
        .enabled(if: wantsEnduranceTests))
    func live() async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let medium = try await LiveMedium(of: system, in: scratch)
            // What is installed by keys has the sizes of the documents.
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: 8 << 30)
            var configuration = GuestConfiguration(disks: [medium.stick, target])
            (configuration.controller, configuration.keyboard) = (.usbStorage, .serial)
            for isSecond in [false, true] {
                configuration.directKernel = medium.kernel(adding: isSecond ? "" : "lifeboot.toram=no")
                try await withGuest(configuration) { guest in
                    #expect(try await guest.waitForBoot().role == "live")
                    try await guest.startLogins()
                    try await guest.expectScreen("From:     \(isSecond ? "memory" : "/dev/sda, which must stay")")
                    try await Self.install(guest, over: isSecond ? "a system of lifeboot" : "empty")
                    try await guest.shutDown()
                }
            }
            try await withGuest(GuestConfiguration(disks: [target])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
                try await guest.shutDown()
            }
        }
    }

    private static func install(_ guest: Guest, over content: String) async throws {
        try await guest.expectScreen("LIVE SYSTEM", "> 1  Install this system onto a disk")
        try await guest.savePicture("live-console")
        try await guest.press("1")
        try await guest.expectScreen("Onto which disk?", "/dev/sda (", "): \(content)", "Look again")
        try await guest.savePicture("live-disks")
        // Its own medium says why not.
        try await guest.press("1")
        try await guest.expectScreen("the system that runs comes from it")
        try await guest.press("2")
        try await guest.expectScreen("Type ERASE and press Enter", within: limit * 3)
        for letter in ["e", "r", "a", "s", "e"] { try await guest.pressCapital(letter) }
        try await guest.press("ret")
        try await guest.expectScreen("Done. Take the medium out", within: InstallTests.limit)
        try await guest.press("m")
        try await guest.expectScreen("> 1  Install this system onto a disk")
    }
}
