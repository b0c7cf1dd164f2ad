package import Faults
import WebMessages

/// Says why a server does not run.
package typealias WebServerError = Fault<WebServerFault>

/// Names why a server does not run.
package enum WebServerFault: FaultKind {
    /// It cannot listen where it was told to.
    case listening
}

extension WebServerError {
    static func refused(_ address: ListenAddress, _ error: any Error) -> WebServerError {
        WebServerError(
            .listening, "listening at", address.description, because: error,
            remedy: "Name another address of this machine, or another port, with --listen.")
    }
}
