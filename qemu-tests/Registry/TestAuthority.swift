/// A private certificate authority and a certificate of it for the host as itself and guests see it, by openssl.
struct TestAuthority: Sendable {
    /// Makes `ca.pem`, `server.pem` and `server.key` in `directory`.
    init(in directory: String) async throws {
        let script = """
            set -e
            cd "$1"
            new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
            openssl req -x509 -days 2 -subj '/CN=test authority' -keyout ca.key -out ca.pem $new
            openssl req -subj /CN=localhost -keyout server.key -out request $new
            echo subjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.0.2.2 >extensions
            openssl x509 -req -days 2 -in request -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions \\
                -out server.pem
            """
        try await HostCommand.run("sh", ["-c", script, "sh", directory])
    }
}
