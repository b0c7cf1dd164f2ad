import SystemPackage
import Testing

@testable import BootHealth

@Suite("Health checks")
struct HealthCheckTests {
    @Test("Required checks run first, then in the order of their names, the image's before the machine's")
    func order() {
        let checks = [
            HealthCheck(.wanted, "/usr/lib/lifeboot/health.d/wanted/00-a"),
            HealthCheck(.required, "/etc/lifeboot/health.d/required/20-b"),
            HealthCheck(.required, "/etc/lifeboot/health.d/required/10-a"),
            HealthCheck(.required, "/usr/lib/lifeboot/health.d/required/20-b"),
        ]
        #expect(
            HealthCheck.ordered(checks).map(\.path) == [
                "/etc/lifeboot/health.d/required/10-a", "/usr/lib/lifeboot/health.d/required/20-b",
                "/etc/lifeboot/health.d/required/20-b", "/usr/lib/lifeboot/health.d/wanted/00-a",
            ])
    }

    @Test(
        "A sane timeout counts, an absurd one is noted",
        arguments: [
            (nil, 60, false), ("", 60, false), ("5", 5, false), ("3600", 3600, false), ("0", 60, true),
            ("3601", 60, true),
            ("1m", 60, true), ("-1", 60, true), ("99999999999999999999", 60, true),
        ] as [(String?, Int, Bool)])
    func timeout(text: String?, seconds: Int, isNoted: Bool) {
        let timeout = HealthCheck.timeout(text)
        #expect(timeout.seconds == seconds)
        #expect((timeout.problem != nil) == isNoted)
    }
}
