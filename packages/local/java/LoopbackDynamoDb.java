import java.io.File;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Starts DynamoDB Local on the loopback interface, and makes it refuse writes while its disk is nearly full. Its own main
 * class always listens on every interface, and accepts any credentials. On a full disk it acknowledges transactions that
 * it does not store.
 *
 * The class files are committed next to this source, so that a Java runtime without a compiler can run the stack:
 * javac --release 17 -g:none -cp "$JAR_DIR/DynamoDBLocal.jar:$JAR_DIR/DynamoDBLocal_lib/*" LoopbackDynamoDb.java
 */
public final class LoopbackDynamoDb {
  /** More than all concurrent writes can need. */
  private static final long RESERVE_BYTES = 32L << 20;

  private static final String REFUSAL =
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\","
          + "\"message\":\"The disk of the embedded DynamoDB is full: free some space.\"}";

  public static void main(String[] arguments) {
    try {
      DynamoDBProxyServer dynamodb = ServerRunner.createServerFromCommandLineArgs(arguments);
      Field jetty = DynamoDBProxyServer.class.getDeclaredField("server");
      jetty.setAccessible(true);
      Server server = (Server) jetty.get(dynamodb);
      for (Connector connector : server.getConnectors()) {
        ((ServerConnector) connector).setHost("127.0.0.1");
      }
      int dbPath = Arrays.asList(arguments).indexOf("-dbPath");
      if (dbPath >= 0) server.setHandler(refuseWhenFull(server.getHandler(), new File(arguments[dbPath + 1])));
      dynamodb.start();
    } catch (Throwable error) {
      error.printStackTrace();
      System.exit(1);
    }
  }

  private static Handler refuseWhenFull(Handler handler, File folder) {
    return new Handler.Wrapper(handler) {
      @Override
      public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isWrite(request) || folder.getUsableSpace() >= RESERVE_BYTES) {
          return super.handle(request, response, callback);
        }
        response.setStatus(500);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.0");
        response.write(true, ByteBuffer.wrap(REFUSAL.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
      }
    };
  }

  private static boolean isWrite(Request request) {
    String target = request.getHeaders().get("X-Amz-Target");
    return target != null && target.matches("DynamoDB_.*\\.(Batch|Transact)?(Write|Put|Update|Delete|Create)(Item|Items|Table)");
  }
}
