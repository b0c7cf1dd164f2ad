import Testing

@Suite("The registry of the tests", .enabled(if: wantsMachineTests), .timeLimit(.minutes(30)))
struct TestRegistryTests {
    @Test(
        "answers a guest in every role, and is what it was after it was killed",
        .enabled(if: wantsEnduranceTests))
    func reachable() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let registry = try await TestRegistry(.plain, in: scratch)
            try await registry.start()
            var configuration = GuestConfiguration(
                disks: [try await system.disk(in: scratch) { try await registry.configure($0) }])
            configuration.hasNetwork = true
            try await withGuest(configuration) { guest in
                for role in ["active", "passive", "recovery"] {
                    #expect(try await guest.waitForBoot().role == role)
                    try await guest.waitForNetwork()
                    #expect(try await guest.answer(of: registry).contains(" 200 "))
                    try await registry.kill()
                    #expect(try await guest.answer(of: registry).contains("refused"))
                    try await registry.start()
                    let next = role == "active" ? "passive" : "recovery"
                    try await guest.output(of: "lifeboot switch \(next)")
                    if role != "recovery" { try await guest.restart() }
                }
            }
        }
    }

    @Test("over TLS wants a password")
    func secure() async throws {
        try await withScratchDirectory { scratch in
            let registry = try await TestRegistry(.secure, in: scratch)
            try await registry.start()
            let url = "https://\(registry.hostName)/v2/"
            let asked = ["--silent", "--cacert", "\(registry.directory)/ca.pem", "--write-out", "%{http_code}"]
            let login = ["--user", "\(TestRegistry.user):\(TestRegistry.password)"]
            #expect(try await HostCommand.run("curl", asked + ["--output", "/dev/null", url]) == "401")
            #expect(try await HostCommand.run("curl", asked + login + ["--output", "/dev/null", url]) == "200")
            try await registry.stop()
        }
    }
}

extension Guest {
    /// The first line that a registry without TLS answers to a question of bash.
    fileprivate func answer(of registry: TestRegistry) async throws -> String {
        let address = registry.guestName.replacing(":", with: "/")
        let question = "printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n' >&4; head -n 1 <&4"
        return try await run("exec 4<>/dev/tcp/\(address) && { \(question); }").text
    }
}
